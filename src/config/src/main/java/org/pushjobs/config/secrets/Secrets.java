package org.pushjobs.config.secrets;

import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Objects;
import org.pushjobs.protocol.keys.SessionKeys;

/**
 * The secrets that all servers of a cluster share (architecture.md). Never printed.
 *
 * @param curvePublicKey Z85 of the command port's key
 * @param curveSecretKey Z85
 * @param heartbeatPrivateKey signs the heartbeat broadcast
 * @param heartbeatPublicKey handed to the agents
 * @param sessionKeys derives the agents' session keys from the master secret
 * @param clusterKeys derived from the same for what goes between the servers
 * @param fingerprint hex SHA-256 over all of them; tells whether two servers share the same secrets without revealing them
 */
public record Secrets(
        String curvePublicKey,
        String curveSecretKey,
        RSAPrivateKey heartbeatPrivateKey,
        RSAPublicKey heartbeatPublicKey,
        SessionKeys sessionKeys,
        ClusterKeys clusterKeys,
        String fingerprint) {
    public Secrets {
        Objects.requireNonNull(curvePublicKey, "curvePublicKey");
        Objects.requireNonNull(curveSecretKey, "curveSecretKey");
        Objects.requireNonNull(heartbeatPrivateKey, "heartbeatPrivateKey");
        Objects.requireNonNull(heartbeatPublicKey, "heartbeatPublicKey");
        Objects.requireNonNull(sessionKeys, "sessionKeys");
        Objects.requireNonNull(clusterKeys, "clusterKeys");
        Objects.requireNonNull(fingerprint, "fingerprint");
    }

    @Override
    public String toString() {
        return "Secrets[fingerprint=" + fingerprint + "]";
    }
}
