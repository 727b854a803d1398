package org.pushjobs.protocol.signing;

import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.spec.SecretKeySpec;

/** The secret that a server and one node share to sign their messages: {@value #LENGTH_BYTES} bytes. Never printed. */
public final class SessionKey {
    public static final int LENGTH_BYTES = 32;

    private final SecretKeySpec key;

    /** @throws IllegalArgumentException when the length is wrong */
    public SessionKey(byte[] bytes) {
        if (bytes.length != LENGTH_BYTES) {
            throw new IllegalArgumentException(
                    "a session key has " + LENGTH_BYTES + " bytes, these are " + bytes.length);
        }
        this.key = new SecretKeySpec(bytes, HmacSignature.ALGORITHM);
    }

    SecretKeySpec macKey() {
        return key;
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
