package org.pushjobs.protocol.message;

import java.util.Arrays;
import java.util.Objects;

/**
 * The last of what a command wrote that failed and whose output nobody had asked for: both of its channels, in the order in
 * which it wrote. It may hold secrets; it never goes into a log.
 *
 * @param offset bytes that were written before it
 * @param data treat as read-only
 */
public record OutputTail(long offset, byte[] data) {
    /** More is never kept. */
    public static final int MOST_BYTES = 16_384;

    private static final int LONGEST_REST_BYTES = 3;

    public OutputTail {
        Objects.requireNonNull(data, "data");
        if (offset < 0) {
            throw new IllegalArgumentException("offset must not be negative, is " + offset);
        }
    }

    /** The last of it that has no more than so many bytes, and begins with a whole character where it is cut off. */
    public OutputTail last(int atMostBytes) {
        if (data.length <= atMostBytes) {
            return this;
        }
        int cut = data.length - atMostBytes;
        return new OutputTail(offset + cut, Arrays.copyOfRange(data, cut, data.length)).withoutHalfACharacter();
    }

    /**
     * Without the rest of a UTF-8 character whose beginning is cut off; the same when it begins otherwise. What is no UTF-8 stays
     * as it is.
     */
    public OutputTail withoutHalfACharacter() {
        int rest = 0;
        while (rest < data.length && rest < LONGEST_REST_BYTES && isRest(data[rest])) {
            rest++;
        }
        boolean isText = rest == data.length || !isRest(data[rest]);
        return offset == 0 || rest == 0 || !isText
                ? this
                : new OutputTail(offset + rest, Arrays.copyOfRange(data, rest, data.length));
    }

    private static boolean isRest(byte unit) {
        return (unit & 0xc0) == 0x80;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof OutputTail(var itsOffset, var itsData)
                && offset == itsOffset
                && Arrays.equals(data, itsData);
    }

    @Override
    public int hashCode() {
        return Objects.hash(offset, Arrays.hashCode(data));
    }

    /** Leaves out the data. */
    @Override
    public String toString() {
        return "OutputTail[offset=" + offset + ", data=" + data.length + " bytes]";
    }
}
