package org.pushjobs.protocol.signing;

import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The secret that a server and one node share to sign their messages: {@value #LENGTH_BYTES} bytes. Never printed. */
public final class SessionKey {
    public static final int LENGTH_BYTES = 32;

    private final SecretKeySpec key;
    /** Never fed itself: copying it costs half of what making and keying another one does. */
    private final Mac keyedMac;

    /** @throws IllegalArgumentException when the length is wrong */
    public SessionKey(byte[] bytes) {
        if (bytes.length != LENGTH_BYTES) {
            throw new IllegalArgumentException(
                    "a session key has " + LENGTH_BYTES + " bytes, these are " + bytes.length);
        }
        this.key = new SecretKeySpec(bytes, HmacSignature.ALGORITHM);
        this.keyedMac = keyed(key);
    }

    private static Mac keyed(SecretKeySpec key) {
        try {
            Mac mac = Mac.getInstance(HmacSignature.ALGORITHM);
            mac.init(key);
            return mac;
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("this Java runtime lacks " + HmacSignature.ALGORITHM, e);
        }
    }

    /** A fresh one, keyed with this key. */
    Mac mac() {
        try {
            return (Mac) keyedMac.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("this Java runtime cannot copy its " + HmacSignature.ALGORITHM, e);
        }
    }

    /** A copy of the raw key. */
    public byte[] bytes() {
        return key.getEncoded();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SessionKey that && MessageDigest.isEqual(bytes(), that.bytes());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes());
    }

    @Override
    public String toString() {
        return "SessionKey[secret]";
    }
}
