package org.pushjobs.protocol.signing;

import java.security.MessageDigest;

/** HMAC-SHA256 of a body frame ({@code hmac_sha256}). Usable from any thread. */
public final class HmacSignature {
    static final String ALGORITHM = "HmacSHA256";

    private HmacSignature() {}

    public static byte[] sign(byte[] body, SessionKey key) {
        return key.mac().doFinal(body);
    }

    /** Compares in constant time. */
    public static boolean verify(byte[] signature, byte[] body, SessionKey key) {
        return MessageDigest.isEqual(signature, sign(body, key));
    }
}
