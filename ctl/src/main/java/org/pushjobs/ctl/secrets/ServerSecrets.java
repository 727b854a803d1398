package org.pushjobs.ctl.secrets;

import java.util.Objects;
import java.util.Optional;

/**
 * What the server needs to know, and what only {@code reconfigure} needs. Never printed.
 *
 * @param privateKey PEM, signs heartbeats
 * @param publicKey PEM
 * @param curvePublicKey Z85
 * @param curveSecretKey Z85
 * @param masterSecret base64
 * @param sqlPassword of the server's role in the database
 * @param sqlReadOnlyPassword of the role that may only read
 * @param superuserPassword of the database's superuser; only where there is one
 * @param chefSuperuserKey PEM of pivotal's key; only where there is a Chef server
 */
public record ServerSecrets(
        String privateKey,
        String publicKey,
        String curvePublicKey,
        String curveSecretKey,
        String masterSecret,
        String sqlPassword,
        String sqlReadOnlyPassword,
        Optional<String> superuserPassword,
        Optional<String> chefSuperuserKey) {
    public ServerSecrets {
        Objects.requireNonNull(privateKey, "privateKey");
        Objects.requireNonNull(publicKey, "publicKey");
        Objects.requireNonNull(curvePublicKey, "curvePublicKey");
        Objects.requireNonNull(curveSecretKey, "curveSecretKey");
        Objects.requireNonNull(masterSecret, "masterSecret");
        Objects.requireNonNull(sqlPassword, "sqlPassword");
        Objects.requireNonNull(sqlReadOnlyPassword, "sqlReadOnlyPassword");
    }

    @Override
    public String toString() {
        return "ServerSecrets[]";
    }
}
