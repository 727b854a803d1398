package org.pushjobs.agent.settings;

import java.nio.file.Path;
import java.util.Objects;

/**
 * How the server is told from an impostor.
 *
 * @param verifyServer whether its certificate is checked at all
 * @param trustedCertsDir whose {@code .crt} and {@code .pem} files are trusted besides what Java trusts; may be missing
 */
public record TlsSettings(boolean verifyServer, Path trustedCertsDir) {
    /** Chef's: everything is checked, {@code /etc/chef/trusted_certs}. */
    public static final TlsSettings DEFAULT = new TlsSettings(true, Path.of("/etc/chef/trusted_certs"));

    public TlsSettings {
        Objects.requireNonNull(trustedCertsDir, "trustedCertsDir");
    }
}
