package org.pushjobs.agent.link;

import org.pushjobs.protocol.keys.Z85;
import org.zeromq.ZMQ.Curve;

/** The agent's own CURVE key pair, made when its process starts. Never printed. */
final class CurveKeys {
    private final byte[] publicKey;
    private final byte[] secretKey;

    private CurveKeys(byte[] publicKey, byte[] secretKey) {
        this.publicKey = publicKey;
        this.secretKey = secretKey;
    }

    static CurveKeys generate() {
        Curve.KeyPair pair = Curve.generateKeyPair();
        return new CurveKeys(Z85.decode(pair.publicKey), Z85.decode(pair.secretKey));
    }

    byte[] publicKey() {
        return publicKey;
    }

    byte[] secretKey() {
        return secretKey;
    }

    /** In Z85. */
    String publicKeyText() {
        return Z85.encode(publicKey);
    }
}
