package org.pushjobs.agent.settings;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * How the server is told from an impostor.
 *
 * @param verifyServer whether its certificate is checked at all
 * @param trustedCertsDir whose {@code .crt} and {@code .pem} files are trusted besides what Java trusts; may be missing
 * @param authorities further files and directories whose certificates are trusted
 */
public record TlsSettings(boolean verifyServer, Path trustedCertsDir, List<Path> authorities) {
    /** Chef's: everything is checked, {@code /etc/chef/trusted_certs}. */
    public static final TlsSettings DEFAULT = new TlsSettings(true, Path.of("/etc/chef/trusted_certs"));

    public TlsSettings {
        Objects.requireNonNull(trustedCertsDir, "trustedCertsDir");
        authorities = List.copyOf(authorities);
    }

    /** Without further authorities. */
    public TlsSettings(boolean verifyServer, Path trustedCertsDir) {
        this(verifyServer, trustedCertsDir, List.of());
    }

    /** All files and directories whose certificates are trusted, of those that are there. */
    public List<Path> trustedPlaces() {
        List<Path> places = new ArrayList<>(authorities);
        if (Files.isDirectory(trustedCertsDir)) {
            places.add(trustedCertsDir);
        }
        return places;
    }
}
