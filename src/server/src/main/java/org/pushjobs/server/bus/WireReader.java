package org.pushjobs.server.bus;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Reads what {@link WireWriter} has written, in the order of the tags. Fields that are not asked for are passed over. Every method
 * throws {@link WireException} when the bytes are not such fields, or when a field is missing that is not asked for as one that
 * may be. Not thread-safe.
 */
public final class WireReader {
    private static final char REPLACEMENT = '\uFFFD';
    private static final int MOST_BITS = 64;

    private final byte[] bytes;
    private final int end;
    private int position;
    /** Of the field whose value comes next; 0 when its key was not read. */
    private int tag;

    private int kind;
    private int lastTag;

    WireReader(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.position = start;
        this.end = end;
    }

    // ---- fields

    public long number(int wanted) {
        require(wanted, WireWriter.NUMBER);
        return signed();
    }

    public int integer(int wanted) {
        return integer(wanted, number(wanted));
    }

    public OptionalInt optionalInteger(int wanted) {
        return find(wanted, WireWriter.NUMBER) ? OptionalInt.of(integer(wanted, signed())) : OptionalInt.empty();
    }

    public boolean flag(int wanted) {
        return number(wanted) != 0;
    }

    public <E extends Enum<E>> E constant(int wanted, WireEnum<E> type) {
        return type.constant(integer(wanted));
    }

    public <E extends Enum<E>> Optional<E> optionalConstant(int wanted, WireEnum<E> type) {
        OptionalInt number = optionalInteger(wanted);
        return number.isPresent() ? Optional.of(type.constant(number.getAsInt())) : Optional.empty();
    }

    public String text(int wanted) {
        require(wanted, WireWriter.BYTES);
        return text();
    }

    public Optional<String> optionalText(int wanted) {
        return find(wanted, WireWriter.BYTES) ? Optional.of(text()) : Optional.empty();
    }

    public List<String> texts(int wanted) {
        List<String> found = new ArrayList<>();
        while (find(wanted, WireWriter.BYTES)) {
            found.add(text());
        }
        return found;
    }

    public byte[] bytes(int wanted) {
        require(wanted, WireWriter.BYTES);
        int length = length();
        position += length;
        return Arrays.copyOfRange(bytes, position - length, position);
    }

    public Instant instant(int wanted) {
        return nested(wanted, WireWriter.INSTANT);
    }

    public Optional<Instant> optionalInstant(int wanted) {
        return optional(wanted, WireWriter.INSTANT);
    }

    public Duration duration(int wanted) {
        return nested(wanted, WireWriter.DURATION);
    }

    public Optional<Duration> optionalDuration(int wanted) {
        return optional(wanted, WireWriter.DURATION);
    }

    public <T> T nested(int wanted, WireFormat<T> format) {
        require(wanted, WireWriter.BYTES);
        return nested(format);
    }

    public <T> Optional<T> optional(int wanted, WireFormat<T> format) {
        return find(wanted, WireWriter.BYTES) ? Optional.of(nested(format)) : Optional.empty();
    }

    public <T> List<T> list(int wanted, WireFormat<T> format) {
        List<T> found = new ArrayList<>();
        while (find(wanted, WireWriter.BYTES)) {
            found.add(nested(format));
        }
        return found;
    }

    /** To be thrown for a number that says of what kind something is, and is not known. */
    public static WireException unknown(String what, int number) {
        return new WireException("no " + what + " has the number " + number);
    }

    // ---- bytes

    /** What is left is fields, too. */
    void finish() {
        while (hasField()) {
            skip();
        }
    }

    private void require(int wanted, int wantedKind) {
        if (!find(wanted, wantedKind)) {
            throw new WireException("field " + wanted + " is missing");
        }
    }

    private boolean find(int wanted, int wantedKind) {
        while (hasField() && tag < wanted) {
            skip();
        }
        if (tag != wanted) {
            return false;
        }
        if (kind != wantedKind) {
            throw new WireException("field " + wanted + " is of another kind");
        }
        tag = 0;
        return true;
    }

    private boolean hasField() {
        if (tag == 0 && position < end) {
            long key = varint();
            if (key < 2 || key > Integer.MAX_VALUE || key >> 1 < lastTag) {
                throw new WireException("no field can have the key " + key + " after field " + lastTag);
            }
            tag = (int) (key >> 1);
            kind = (int) (key & 1);
            lastTag = tag;
        }
        return tag != 0;
    }

    private void skip() {
        if (kind == WireWriter.NUMBER) {
            varint();
        } else {
            int length = length();
            position += length;
        }
        tag = 0;
    }

    private <T> T nested(WireFormat<T> format) {
        int length = length();
        WireReader inner = new WireReader(bytes, position, position + length);
        position += length;
        T value = format.read(inner);
        inner.finish();
        return value;
    }

    private String text() {
        int length = length();
        String text = new String(bytes, position, length, StandardCharsets.UTF_8);
        if (text.indexOf(REPLACEMENT) >= 0 && !isWritten(text, length)) {
            throw new WireException("a text is not UTF-8");
        }
        position += length;
        return text;
    }

    private boolean isWritten(String text, int length) {
        byte[] written = text.getBytes(StandardCharsets.UTF_8);
        return Arrays.equals(written, 0, written.length, bytes, position, position + length);
    }

    private int length() {
        long length = varint();
        if (length < 0 || length > end - position) {
            throw new WireException("a field is longer than what it is in");
        }
        return (int) length;
    }

    private long signed() {
        long value = varint();
        return (value >>> 1) ^ -(value & 1);
    }

    private static int integer(int wanted, long value) {
        if (value != (int) value) {
            throw new WireException("the number in field " + wanted + " is too large");
        }
        return (int) value;
    }

    private long varint() {
        long value = 0;
        for (int shift = 0; shift < MOST_BITS; shift += 7) {
            if (position >= end) {
                throw new WireException("a number has no end");
            }
            byte next = bytes[position++];
            value |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new WireException("a number is too long");
    }
}
