package org.pushjobs.workstation.settings;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * How the server's certificate is checked.
 *
 * @param trustedCertificates a directory of PEM files that are trusted besides the Java runtime's own authorities
 */
public record TlsSettings(Verification verification, Optional<Path> trustedCertificates) {
    /** Chef's {@code ssl_verify_mode}. */
    public enum Verification {
        PEER,
        NONE
    }

    public TlsSettings {
        Objects.requireNonNull(verification, "verification");
        Objects.requireNonNull(trustedCertificates, "trustedCertificates");
    }

    /** @param given {@code verify_peer} or {@code verify_none}, with or without Ruby's colon */
    static Verification verification(Given given) throws InvalidSettingsException {
        return switch (given.value().strip().toLowerCase(Locale.ROOT).replaceFirst("^:", "")) {
            case "verify_peer" -> Verification.PEER;
            case "verify_none" -> Verification.NONE;
            default ->
                throw new InvalidSettingsException("ssl_verify_mode must be verify_peer or verify_none, not '"
                        + given.value() + "' (from " + given.origin() + ")");
        };
    }
}
