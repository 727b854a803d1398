package org.pushjobs.server.bus;

import java.util.HashSet;
import java.util.List;

/**
 * The numbers of an enum's constants on the wire, which stay what they are when constants are renamed or moved. A new constant
 * is added at the end, and is not sent before the version that all members may have by then knows it.
 */
public final class WireEnum<E extends Enum<E>> {
    private final List<E> constants;
    private final int[] numbers;

    private WireEnum(List<E> constants) {
        this.constants = constants;
        Class<E> type = constants.getFirst().getDeclaringClass();
        int all = type.getEnumConstants().length;
        if (constants.size() != all || new HashSet<>(constants).size() != all) {
            throw new IllegalArgumentException("each constant of " + type.getSimpleName() + " needs one number");
        }
        this.numbers = new int[all];
        for (int i = 0; i < all; i++) {
            numbers[constants.get(i).ordinal()] = i + 1;
        }
    }

    /** @param constants all of them; the first one is number 1 */
    public static <E extends Enum<E>> WireEnum<E> of(List<E> constants) {
        return new WireEnum<>(List.copyOf(constants));
    }

    /** What the constant is on the wire, from 1. */
    public int number(E constant) {
        return numbers[constant.ordinal()];
    }

    /** @throws WireException when no constant has that number */
    E constant(int number) {
        if (number < 1 || number > constants.size()) {
            throw new WireException(
                    "no " + constants.getFirst().getDeclaringClass().getSimpleName() + " has the number " + number);
        }
        return constants.get(number - 1);
    }
}
