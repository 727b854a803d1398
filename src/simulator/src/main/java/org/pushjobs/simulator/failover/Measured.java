package org.pushjobs.simulator.failover;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What somebody else has measured in a round: a line {@code NAME VALUE MOST}, where a limit that there is none of is "-".
 *
 * @param name with its unit
 * @param most the largest value that is not wrong
 */
record Measured(String name, double value, OptionalDouble most) {
    private static final String NO_LIMIT = "-";
    private static final int PARTS = 3;

    Measured {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(most, "most");
    }

    /** @throws IllegalArgumentException when the line is none of these */
    static Measured parse(String line) {
        String[] parts = line.split(" ");
        if (parts.length != PARTS) {
            throw new IllegalArgumentException("'" + line + "' is not a name, a number and a limit");
        }
        return new Measured(
                parts[0],
                Double.parseDouble(parts[1]),
                parts[2].equals(NO_LIMIT) ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(parts[2])));
    }

    /** What is wrong with it, when it is more than it may be. */
    Optional<String> excess() {
        return most.isPresent() && value > most.getAsDouble()
                ? Optional.of(name + " is " + text(value) + ", more than " + mostText())
                : Optional.empty();
    }

    /** The limit, for people. */
    String mostText() {
        return most.isPresent() ? text(most.getAsDouble()) : NO_LIMIT;
    }

    /** Whole numbers without a fraction. */
    static String text(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }
}
