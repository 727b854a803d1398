package org.pushjobs.chefhttp;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * How a server is told from an impostor.
 *
 * @param trustedCertsDir whose certificates are trusted besides what Java trusts; may be missing
 * @param authorities further files and directories whose certificates are trusted
 */
public record TlsSettings(Verification verification, Path trustedCertsDir, List<Path> authorities) {
    /** Chef's {@code ssl_verify_mode}. */
    public enum Verification {
        /** The server must have a certificate that is trusted and for its name. */
        PEER,
        /** Nothing is checked. */
        NONE;

        /** Reads {@code verify_peer} or {@code verify_none}, with or without Ruby's colon, or OpenSSL's number for it. */
        public static Optional<Verification> of(String text) {
            return switch (text.strip().toLowerCase(Locale.ROOT).replaceFirst("^:", "")) {
                case "verify_peer", "1" -> Optional.of(PEER);
                case "verify_none", "0" -> Optional.of(NONE);
                default -> Optional.empty();
            };
        }
    }

    public TlsSettings {
        Objects.requireNonNull(verification, "verification");
        Objects.requireNonNull(trustedCertsDir, "trustedCertsDir");
        authorities = List.copyOf(authorities);
    }

    /** All files and directories whose certificates are trusted, the directory {@link #trustedCertsDir} if it is there. */
    public List<Path> trustedPlaces() {
        List<Path> places = new ArrayList<>(authorities);
        if (Files.isDirectory(trustedCertsDir)) {
            places.add(trustedCertsDir);
        }
        return places;
    }
}
