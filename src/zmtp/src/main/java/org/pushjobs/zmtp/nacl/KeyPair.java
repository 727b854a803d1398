package org.pushjobs.zmtp.nacl;

import java.util.Arrays;

/** A Curve25519 key pair: 32 bytes each. Immutable but for {@link #wipe}; never printed. */
public final class KeyPair {
    private final byte[] publicKey;
    private final byte[] secretKey;

    KeyPair(byte[] publicKey, byte[] secretKey) {
        this.publicKey = publicKey;
        this.secretKey = secretKey;
    }

    /**
     * The pair of a secret key.
     *
     * @throws IllegalArgumentException when it has not 32 bytes
     */
    public static KeyPair ofSecret(byte[] secretKey, Nacl nacl) {
        return new KeyPair(nacl.publicKey(secretKey), secretKey.clone());
    }

    /** The key itself, not a copy. */
    public byte[] publicKey() {
        return publicKey;
    }

    /** The key itself, not a copy. */
    public byte[] secretKey() {
        return secretKey;
    }

    /** Overwrites the secret key. */
    public void wipe() {
        Arrays.fill(secretKey, (byte) 0);
    }

    @Override
    public String toString() {
        return "KeyPair[secret]";
    }
}
