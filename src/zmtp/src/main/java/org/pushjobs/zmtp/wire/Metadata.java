package org.pushjobs.zmtp.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * What a peer says about itself in READY or INITIATE: a list of named values (RFC 23, "metadata"). Others than these two
 * are skipped.
 *
 * @param socketType as the peer spells it, 16 bytes at most
 * @param identity up to 255 bytes; empty when it has none
 */
public record Metadata(String socketType, byte[] identity) {
    private static final String SOCKET_TYPE = "Socket-Type";
    private static final String IDENTITY = "Identity";
    private static final int MAX_SOCKET_TYPE = 16;
    private static final int MAX_IDENTITY = 255;
    private static final int LENGTH_SIZE = 4;

    public Metadata {
        Objects.requireNonNull(socketType, "socketType");
        if (identity.length > MAX_IDENTITY) {
            throw new IllegalArgumentException("an identity has at most 255 bytes, not " + identity.length);
        }
    }

    /** Its bytes. */
    public byte[] encode() {
        byte[] type = socketType.getBytes(StandardCharsets.US_ASCII);
        byte[] out = new byte[propertySize(SOCKET_TYPE, type) + propertySize(IDENTITY, identity)];
        int end = write(out, 0, SOCKET_TYPE, type);
        write(out, end, IDENTITY, identity);
        return out;
    }

    private static int propertySize(String name, byte[] value) {
        return 1 + name.length() + LENGTH_SIZE + value.length;
    }

    private static int write(byte[] out, int offset, String name, byte[] value) {
        int at = offset;
        out[at++] = (byte) name.length();
        System.arraycopy(name.getBytes(StandardCharsets.US_ASCII), 0, out, at, name.length());
        at += name.length() + 2;
        out[at++] = (byte) (value.length >>> 8);
        out[at++] = (byte) value.length;
        System.arraycopy(value, 0, out, at, value.length);
        return at + value.length;
    }

    /**
     * Reads the properties from {@code offset} to {@code end}. Their names are compared without regard to case.
     *
     * @throws ProtocolException when they are malformed or no socket type is among them
     */
    public static Metadata read(byte[] bytes, int offset, int end) throws ProtocolException {
        String socketType = "";
        byte[] identity = new byte[0];
        int at = offset;
        while (at < end) {
            int nameLength = bytes[at++] & 0xFF;
            require(nameLength > 0 && end - at >= nameLength + LENGTH_SIZE);
            String name = new String(bytes, at, nameLength, StandardCharsets.ISO_8859_1);
            at += nameLength;
            int valueLength = (bytes[at] & 0xFF) << 24
                    | (bytes[at + 1] & 0xFF) << 16
                    | (bytes[at + 2] & 0xFF) << 8
                    | bytes[at + 3] & 0xFF;
            at += LENGTH_SIZE;
            require(valueLength >= 0 && valueLength <= end - at);
            if (name.equalsIgnoreCase(SOCKET_TYPE)) {
                require(valueLength <= MAX_SOCKET_TYPE);
                socketType = new String(bytes, at, valueLength, StandardCharsets.ISO_8859_1);
            } else if (name.equalsIgnoreCase(IDENTITY)) {
                require(valueLength <= MAX_IDENTITY);
                identity = Arrays.copyOfRange(bytes, at, at + valueLength);
            }
            at += valueLength;
        }
        require(!socketType.isEmpty());
        return new Metadata(socketType, identity);
    }

    private static void require(boolean correct) throws ProtocolException {
        if (!correct) {
            throw new ProtocolException(CloseReason.MALFORMED, "wrong metadata");
        }
    }
}
