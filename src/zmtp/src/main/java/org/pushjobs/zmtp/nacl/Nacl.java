package org.pushjobs.zmtp.nacl;

import java.util.Optional;

/** The primitives of NaCl that CURVE needs. Safe for use by many threads. */
public sealed interface Nacl permits JavaNacl, SodiumNacl {
    /** Bytes of a public, secret or shared key. */
    int KEY_BYTES = 32;

    /** Bytes of a nonce. */
    int NONCE_BYTES = 24;

    /** Bytes by which a box is longer than its content. */
    int MAC_BYTES = 16;

    /** What does the work, for a line in the log. */
    String description();

    /** A new random pair. */
    KeyPair newKeyPair();

    /** The public key of a secret one. */
    byte[] publicKey(byte[] secretKey);

    /**
     * The key that the owners of two pairs share, {@code crypto_box_beforenm}. Takes 0.05 to 0.3 ms.
     *
     * @return empty when the public key is one of the few that give every secret key the same result
     */
    Optional<byte[]> sharedKey(byte[] publicKey, byte[] secretKey);

    /** Fills an array from the system's random source. */
    void random(byte[] target);

    /** A new box with its own work space, for one thread. */
    SecretBox newBox();

    /**
     * Throws when a key does not have 32 bytes.
     *
     * @throws IllegalArgumentException with the length that it has
     */
    static void requireKey(byte[] key) {
        if (key.length != KEY_BYTES) {
            throw new IllegalArgumentException("a Curve25519 key has 32 bytes, not " + key.length);
        }
    }
}
