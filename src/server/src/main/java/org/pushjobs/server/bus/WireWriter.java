package org.pushjobs.server.bus;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Writes the fields of a record, in the order of their tags: a key, which is twice the tag, plus one where a length and bytes
 * follow instead of a number. Numbers and lengths have seven bits in a byte, the lowest first. Something empty has no field, and
 * a list one for each element. Texts are UTF-8; half of a surrogate pair, which that cannot have, becomes a question mark, as in
 * the database. Not thread-safe.
 */
public final class WireWriter {
    static final int NUMBER = 0;
    static final int BYTES = 1;

    static final WireFormat<Instant> INSTANT = WireFormat.of(
            (out, at) -> {
                out.number(1, at.getEpochSecond());
                out.number(2, at.getNano());
            },
            in -> Instant.ofEpochSecond(in.number(1), in.integer(2)));

    static final WireFormat<Duration> DURATION = WireFormat.of(
            (out, time) -> {
                out.number(1, time.getSeconds());
                out.number(2, time.getNano());
            },
            in -> Duration.ofSeconds(in.number(1), in.integer(2)));

    private static final int FIRST_CAPACITY = 512;

    private final int limit;
    private byte[] bytes;
    private int length;
    private int lastTag;

    /**
     * @param room bytes to leave free at the start
     * @param limit of what is written, in bytes
     */
    WireWriter(int room, int limit) {
        this.limit = Math.addExact(room, limit);
        this.bytes = new byte[Math.min(this.limit, FIRST_CAPACITY)];
        this.length = room;
    }

    /** What was written, and more behind it. */
    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    // ---- fields

    public void number(int tag, long value) {
        key(tag, NUMBER);
        varint((value << 1) ^ (value >> 63));
    }

    public void number(int tag, OptionalInt value) {
        value.ifPresent(present -> number(tag, present));
    }

    public void flag(int tag, boolean value) {
        number(tag, value ? 1 : 0);
    }

    public <E extends Enum<E>> void constant(int tag, WireEnum<E> type, E value) {
        number(tag, type.number(value));
    }

    public <E extends Enum<E>> void constant(int tag, WireEnum<E> type, Optional<E> value) {
        value.ifPresent(present -> constant(tag, type, present));
    }

    public void text(int tag, String value) {
        bytes(tag, value.getBytes(StandardCharsets.UTF_8));
    }

    public void text(int tag, Optional<String> value) {
        value.ifPresent(present -> text(tag, present));
    }

    public void texts(int tag, Collection<String> values) {
        values.forEach(value -> text(tag, value));
    }

    public void bytes(int tag, byte[] value) {
        key(tag, BYTES);
        varint(value.length);
        ensure(value.length);
        System.arraycopy(value, 0, bytes, length, value.length);
        length += value.length;
    }

    public void instant(int tag, Instant value) {
        nested(tag, INSTANT, value);
    }

    public void instant(int tag, Optional<Instant> value) {
        nested(tag, INSTANT, value);
    }

    public void duration(int tag, Duration value) {
        nested(tag, DURATION, value);
    }

    public void duration(int tag, Optional<Duration> value) {
        nested(tag, DURATION, value);
    }

    public <T> void nested(int tag, WireFormat<T> format, T value) {
        key(tag, BYTES);
        ensure(1);
        int start = ++length;
        lastTag = 0;
        format.write(this, value);
        lastTag = tag;
        insertLength(start);
    }

    public <T> void nested(int tag, WireFormat<T> format, Optional<T> value) {
        value.ifPresent(present -> nested(tag, format, present));
    }

    public <T> void list(int tag, WireFormat<T> format, Collection<T> values) {
        values.forEach(value -> nested(tag, format, value));
    }

    // ---- bytes

    private void key(int tag, int kind) {
        if (tag < Math.max(1, lastTag)) {
            throw new IllegalStateException("field " + tag + " comes after field " + lastTag);
        }
        lastTag = tag;
        varint(2L * tag + kind);
    }

    private void varint(long value) {
        ensure(1 + moreBytes(value));
        length = varint(value, length);
    }

    /** How many it takes besides the first one. */
    private static int moreBytes(long value) {
        return (63 - Long.numberOfLeadingZeros(value | 1)) / 7;
    }

    private int varint(long value, int at) {
        long rest = value;
        int position = at;
        while ((rest & ~0x7fL) != 0) {
            bytes[position++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[position++] = (byte) rest;
        return position;
    }

    /** There is one byte for it before the start; most need no more. */
    private void insertLength(int start) {
        int size = length - start;
        int more = moreBytes(size);
        if (more > 0) {
            ensure(more);
            System.arraycopy(bytes, start, bytes, start + more, size);
            length += more;
        }
        varint(size, start - 1);
    }

    private void ensure(int more) {
        long needed = (long) length + more;
        if (needed > limit) {
            throw new WireException("it has more than " + limit + " bytes");
        }
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(limit, Math.max(needed, 2L * bytes.length)));
        }
    }
}
