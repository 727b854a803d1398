package org.pushjobs.zmtp.wire;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The first 64 bytes of each side (ZMTP 3, RFC 23 and 37, "greeting").
 *
 * @param minor of version 3
 * @param mechanism NULL, CURVE or another one
 */
public record Greeting(int minor, String mechanism, boolean asServer) {
    /** Bytes of a greeting. */
    public static final int SIZE = 64;

    private static final int SIGNATURE_SIZE = 10;

    private static final int MAJOR = 3;
    private static final int OUR_MINOR = 1;
    private static final int VERSION_AT = 10;
    private static final int MECHANISM_AT = 12;
    private static final int MECHANISM_SIZE = 20;
    private static final int AS_SERVER_AT = 32;

    /** Our own: version 3.1. */
    public static byte[] encode(String mechanism, boolean asServer) {
        byte[] greeting = new byte[SIZE];
        greeting[0] = (byte) 0xFF;
        greeting[SIGNATURE_SIZE - 1] = 0x7F;
        greeting[VERSION_AT] = MAJOR;
        greeting[VERSION_AT + 1] = OUR_MINOR;
        byte[] name = mechanism.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(name, 0, greeting, MECHANISM_AT, name.length);
        greeting[AS_SERVER_AT] = (byte) (asServer ? 1 : 0);
        return greeting;
    }

    /**
     * Looks at as much of a greeting as has come.
     *
     * @throws ProtocolException when it cannot become one of version 3
     */
    public static void check(ByteBuf in) throws ProtocolException {
        int start = in.readerIndex();
        int readable = in.readableBytes();
        if (readable > 0 && in.getByte(start) != (byte) 0xFF
                || readable >= SIGNATURE_SIZE && (in.getByte(start + SIGNATURE_SIZE - 1) & 1) == 0) {
            throw new ProtocolException(CloseReason.NOT_ZMTP, "no ZMTP signature");
        }
        if (readable > VERSION_AT && in.getByte(start + VERSION_AT) < MAJOR) {
            throw new ProtocolException(
                    CloseReason.OLD_PROTOCOL, "ZMTP revision " + in.getByte(start + VERSION_AT) + ", not 3");
        }
    }

    /** Reads a whole one that has been {@linkplain #check checked}. */
    public static Greeting read(ByteBuf in) throws ProtocolException {
        byte[] bytes = new byte[SIZE];
        in.readBytes(bytes);
        int end = MECHANISM_AT;
        while (end < MECHANISM_AT + MECHANISM_SIZE && bytes[end] != 0) {
            end++;
        }
        for (byte padding : Arrays.copyOfRange(bytes, end, MECHANISM_AT + MECHANISM_SIZE)) {
            if (padding != 0) {
                throw new ProtocolException(CloseReason.MALFORMED, "the mechanism is not padded with zeros");
            }
        }
        String mechanism = new String(bytes, MECHANISM_AT, end - MECHANISM_AT, StandardCharsets.US_ASCII);
        // A later major version has to speak 3.1 with us (RFC 23, "version negotiation").
        int minor = bytes[VERSION_AT] > MAJOR ? OUR_MINOR : bytes[VERSION_AT + 1] & 0xFF;
        return new Greeting(minor, mechanism, bytes[AS_SERVER_AT] == 1);
    }
}
