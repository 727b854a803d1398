package org.pushjobs.zmtp.nacl;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.math.ec.rfc7748.X25519;

/** NaCl by BouncyCastle: X25519, HSalsa20, XSalsa20 and Poly1305. */
public final class JavaNacl implements Nacl {
    private static final byte[] ZERO_NONCE = new byte[16];

    private final SecureRandom random = new SecureRandom();

    /** Computes the tables for making keys, which takes a moment once per process. */
    public JavaNacl() {
        X25519.precompute();
    }

    @Override
    public String description() {
        return "BouncyCastle";
    }

    @Override
    public KeyPair newKeyPair() {
        byte[] secretKey = new byte[KEY_BYTES];
        random.nextBytes(secretKey);
        return new KeyPair(publicKey(secretKey), secretKey);
    }

    @Override
    public byte[] publicKey(byte[] secretKey) {
        Nacl.requireKey(secretKey);
        byte[] publicKey = new byte[KEY_BYTES];
        X25519.scalarMultBase(secretKey, 0, publicKey, 0);
        return publicKey;
    }

    @Override
    public Optional<byte[]> sharedKey(byte[] publicKey, byte[] secretKey) {
        Nacl.requireKey(publicKey);
        Nacl.requireKey(secretKey);
        byte[] point = new byte[KEY_BYTES];
        try {
            if (!X25519.calculateAgreement(secretKey, 0, publicKey, 0, point, 0)) {
                return Optional.empty();
            }
            byte[] shared = new byte[KEY_BYTES];
            new Salsa20().hash(point, ZERO_NONCE, shared);
            return Optional.of(shared);
        } finally {
            Arrays.fill(point, (byte) 0);
        }
    }

    @Override
    public void random(byte[] target) {
        random.nextBytes(target);
    }

    @Override
    public SecretBox newBox() {
        return new JavaBox();
    }
}
