package org.pushjobs.protocol.keys;

import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import java.util.Optional;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.signing.SessionKey;

/**
 * Session keys derived from the cluster's master secret, so that a restart or a take-over by another server needs no
 * exchange with the agents (architecture.md): HKDF-SHA256 with the organisation's guid, the node's name and the key epoch
 * as info. Usable from any thread.
 */
public final class SessionKeys {
    /** Shortest master secret, in bytes. */
    public static final int MIN_MASTER_SECRET_BYTES = 32;

    private final byte[] masterSecret;

    /** @throws IllegalArgumentException when the secret is too short */
    public SessionKeys(byte[] masterSecret) {
        if (masterSecret.length < MIN_MASTER_SECRET_BYTES) {
            throw new IllegalArgumentException("the master secret must have at least " + MIN_MASTER_SECRET_BYTES
                    + " bytes, it has " + masterSecret.length);
        }
        this.masterSecret = masterSecret.clone();
    }

    /** @param keyEpoch counts the rotations of the cluster's keys */
    public SessionKey derive(NodeRef node, int keyEpoch) {
        String info = node.orgGuid() + "\0" + node.node() + "\0" + keyEpoch;
        return new SessionKey(Hkdf.derive(masterSecret, info, SessionKey.LENGTH_BYTES));
    }

    /** The form in which a configuration document carries the key: RSA for its receiver, base64 on one line. */
    public static String wrap(SessionKey key, RSAPublicKey receiver) {
        return Base64.getEncoder().encodeToString(RawRsa.encrypt(key.bytes(), receiver));
    }

    /** Undoes {@link #wrap}; empty when it was wrapped for another key or is damaged. Line breaks are skipped. */
    public static Optional<SessionKey> unwrap(String wrapped, RSAPrivateKey receiver) {
        byte[] block;
        try {
            block = Base64.getMimeDecoder().decode(wrapped);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        return RawRsa.decrypt(block, receiver)
                .filter(bytes -> bytes.length == SessionKey.LENGTH_BYTES)
                .map(SessionKey::new);
    }
}
