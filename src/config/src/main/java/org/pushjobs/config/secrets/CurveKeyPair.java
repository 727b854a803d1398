package org.pushjobs.config.secrets;

import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.pushjobs.protocol.keys.Z85;

/**
 * A Curve25519 pair in the form of ZeroMQ: both parts are 32 bytes, written as 40 characters of Z85 (wire-protocol.md,
 * "CURVE and ZAP").
 *
 * @param publicKey Z85
 * @param secretKey Z85; never printed
 */
record CurveKeyPair(String publicKey, String secretKey) {
    static final int KEY_BYTES = X25519.SCALAR_SIZE;

    static CurveKeyPair generate(SecureRandom random) {
        byte[] secret = new byte[KEY_BYTES];
        X25519.generatePrivateKey(random, secret);
        CurveKeyPair pair = ofSecret(secret);
        Arrays.fill(secret, (byte) 0);
        return pair;
    }

    /** @param secret 32 bytes */
    static CurveKeyPair ofSecret(byte[] secret) {
        if (secret.length != KEY_BYTES) {
            throw new IllegalArgumentException(
                    "a CURVE secret has " + KEY_BYTES + " bytes, this one has " + secret.length);
        }
        byte[] publicKey = new byte[KEY_BYTES];
        X25519.generatePublicKey(secret, 0, publicKey, 0);
        return new CurveKeyPair(Z85.encode(publicKey), Z85.encode(secret));
    }

    @Override
    public String toString() {
        return "CurveKeyPair[publicKey=" + publicKey + "]";
    }
}
