package org.pushjobs.protocol.signing;

import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Mac;

/** HMAC-SHA256 of a body frame ({@code hmac_sha256}). Usable from any thread. */
public final class HmacSignature {
    static final String ALGORITHM = "HmacSHA256";

    private HmacSignature() {}

    public static byte[] sign(byte[] body, SessionKey key) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key.macKey());
            return mac.doFinal(body);
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("this Java runtime lacks " + ALGORITHM, e);
        }
    }

    /** Compares in constant time. */
    public static boolean verify(byte[] signature, byte[] body, SessionKey key) {
        return MessageDigest.isEqual(signature, sign(body, key));
    }
}
