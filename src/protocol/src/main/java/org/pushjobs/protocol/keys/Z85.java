package org.pushjobs.protocol.keys;

import java.util.Arrays;

/** ZeroMQ's base-85 text form of binary keys (ZMQ RFC 32). */
public final class Z85 {
    private static final char[] ALPHABET =
            "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#".toCharArray();
    private static final byte[] VALUES = new byte[128];

    static {
        Arrays.fill(VALUES, (byte) -1);
        for (int i = 0; i < ALPHABET.length; i++) {
            VALUES[ALPHABET[i]] = (byte) i;
        }
    }

    private Z85() {}

    /** @throws IllegalArgumentException when the length is no multiple of 4 */
    public static String encode(byte[] data) {
        if (data.length % 4 != 0) {
            throw new IllegalArgumentException("Z85 encodes a multiple of 4 bytes, these are " + data.length);
        }
        char[] text = new char[data.length / 4 * 5];
        for (int block = 0; block < data.length / 4; block++) {
            long value = 0;
            for (int i = 0; i < 4; i++) {
                value = value << 8 | (data[block * 4 + i] & 0xff);
            }
            for (int i = 4; i >= 0; i--) {
                text[block * 5 + i] = ALPHABET[(int) (value % 85)];
                value /= 85;
            }
        }
        return new String(text);
    }

    /**
     * @throws IllegalArgumentException when the text is empty, its length is no multiple of 5, a character is not of the
     *     alphabet, or five of them stand for more than 32 bits
     */
    public static byte[] decode(String text) {
        if (text.isEmpty() || text.length() % 5 != 0) {
            throw new IllegalArgumentException("Z85 text has a multiple of 5 characters, this has " + text.length());
        }
        byte[] data = new byte[text.length() / 5 * 4];
        for (int block = 0; block < text.length() / 5; block++) {
            long value = 0;
            for (int i = 0; i < 5; i++) {
                value = value * 85 + valueOf(text.charAt(block * 5 + i));
            }
            if (value > 0xffff_ffffL) {
                throw new IllegalArgumentException("Z85 text has five characters that stand for more than 32 bits");
            }
            for (int i = 3; i >= 0; i--) {
                data[block * 4 + i] = (byte) value;
                value >>>= 8;
            }
        }
        return data;
    }

    private static int valueOf(char c) {
        int value = c < VALUES.length ? VALUES[c] : -1;
        if (value < 0) {
            throw new IllegalArgumentException("Z85 text has a character that is not of its alphabet");
        }
        return value;
    }
}
