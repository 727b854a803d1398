package org.pushjobs.protocol.keys;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;

/**
 * The two usual forms of a private key, read by the Java runtime alone: the general parser costs a command that lives for
 * half a second the half of it.
 */
final class PlainPrivateKey {
    private static final String PKCS8 = "PRIVATE KEY";
    private static final String PKCS1 = "RSA PRIVATE KEY";

    private static final int SEQUENCE = 0x30;
    private static final int OCTET_STRING = 0x04;
    private static final int LONG_LENGTH = 0x80;
    /** PrivateKeyInfo up to the key: version 0, algorithm rsaEncryption without parameters (RFC 5208, RFC 8017). */
    private static final byte[] RSA_VERSION_AND_ALGORITHM = {
        2, 1, 0, 0x30, 13, 6, 9, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 1, 1, 1, 5, 0
    };

    private PlainPrivateKey() {}

    /** Empty when the first PEM block of the text is anything else, or damaged. */
    static Optional<RSAPrivateKey> read(String pem) {
        return block(pem, PKCS8)
                .or(() -> block(pem, PKCS1).map(PlainPrivateKey::toPkcs8))
                .flatMap(PlainPrivateKey::key);
    }

    private static Optional<byte[]> block(String pem, String label) {
        String begin = "-----BEGIN " + label + "-----";
        int start = pem.indexOf("-----BEGIN ");
        int end = pem.indexOf("-----END " + label + "-----", start + 1);
        if (start < 0 || end < 0 || !pem.startsWith(begin, start)) {
            return Optional.empty();
        }
        try {
            String base64 = pem.substring(start + begin.length(), end).replaceAll("[ \\t\\r\\n]", "");
            return Optional.of(Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static byte[] toPkcs8(byte[] pkcs1) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.writeBytes(RSA_VERSION_AND_ALGORITHM);
        writeElement(content, OCTET_STRING, pkcs1);
        ByteArrayOutputStream info = new ByteArrayOutputStream();
        writeElement(info, SEQUENCE, content.toByteArray());
        return info.toByteArray();
    }

    private static void writeElement(ByteArrayOutputStream out, int tag, byte[] content) {
        out.write(tag);
        int length = content.length;
        if (length < LONG_LENGTH) {
            out.write(length);
        } else {
            int bytes = (Integer.SIZE - Integer.numberOfLeadingZeros(length) + 7) / 8;
            out.write(LONG_LENGTH | bytes);
            for (int i = bytes - 1; i >= 0; i--) {
                out.write(length >>> 8 * i);
            }
        }
        out.writeBytes(content);
    }

    /** Keys of another algorithm, those restricted to PSS among them, are left to the parser that can say what they are. */
    private static Optional<RSAPrivateKey> key(byte[] pkcs8) {
        try {
            return KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(pkcs8))
                            instanceof RSAPrivateKey key
                    ? Optional.of(key)
                    : Optional.empty();
        } catch (GeneralSecurityException _) {
            return Optional.empty();
        }
    }
}
