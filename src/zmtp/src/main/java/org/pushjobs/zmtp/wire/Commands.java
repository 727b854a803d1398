package org.pushjobs.zmtp.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Command bodies: a byte with the length of the name, the name, the data (RFC 23, "commands"). */
public final class Commands {
    public static final byte[] READY = name("READY");
    public static final byte[] ERROR = name("ERROR");
    public static final byte[] PING = name("PING");
    public static final byte[] PONG = name("PONG");
    public static final byte[] SUBSCRIBE = name("SUBSCRIBE");
    public static final byte[] CANCEL = name("CANCEL");

    private static final int STATUS_SIZE = 3;
    private static final int TTL_SIZE = 2;
    private static final int MAX_CONTEXT_SIZE = 16;

    private Commands() {}

    /** A name with its length before it. */
    public static byte[] name(String text) {
        byte[] name = new byte[1 + text.length()];
        name[0] = (byte) text.length();
        System.arraycopy(text.getBytes(StandardCharsets.US_ASCII), 0, name, 1, text.length());
        return name;
    }

    /** A whole body. */
    public static byte[] body(byte[] name, byte[] data) {
        byte[] body = Arrays.copyOf(name, name.length + data.length);
        System.arraycopy(data, 0, body, name.length, data.length);
        return body;
    }

    /** Whether the body at this place has this name. */
    public static boolean is(byte[] name, byte[] buffer, int offset, int length) {
        return length >= name.length && Arrays.equals(buffer, offset, offset + name.length, name, 0, name.length);
    }

    /** ERROR with a status of three digits, as libzmq sends it. */
    public static byte[] error(String status) {
        byte[] data = new byte[1 + STATUS_SIZE];
        data[0] = STATUS_SIZE;
        System.arraycopy(status.getBytes(StandardCharsets.US_ASCII), 0, data, 1, STATUS_SIZE);
        return body(ERROR, data);
    }

    /** The reason in an ERROR. */
    public static String reason(byte[] command) throws ProtocolException {
        int at = ERROR.length;
        if (command.length <= at || command.length - at - 1 < (command[at] & 0xFF)) {
            throw new ProtocolException(CloseReason.MALFORMED, "an ERROR without its reason");
        }
        return new String(command, at + 1, command[at] & 0xFF, StandardCharsets.ISO_8859_1);
    }

    /** PING that asks for an answer only. */
    public static byte[] ping() {
        return body(PING, new byte[TTL_SIZE]);
    }

    /**
     * The answer to a PING: its context, which may have 16 bytes (RFC 37, "heartbeating").
     *
     * @throws ProtocolException when the PING is malformed
     */
    public static byte[] pong(byte[] buffer, int offset, int length) throws ProtocolException {
        int context = length - PING.length - TTL_SIZE;
        if (context < 0 || context > MAX_CONTEXT_SIZE) {
            throw new ProtocolException(CloseReason.MALFORMED, "a PING of " + length + " bytes");
        }
        int from = offset + PING.length + TTL_SIZE;
        return body(PONG, Arrays.copyOfRange(buffer, from, from + context));
    }

    /** Tenths of a second after which the sender of a well-formed PING wants to be given up when it is silent; 0 = never. */
    public static int ttl(byte[] buffer, int offset) {
        int at = offset + PING.length;
        return (buffer[at] & 0xFF) << 8 | buffer[at + 1] & 0xFF;
    }
}
