package org.pushjobs.workstation.settings;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * How the server's certificate is checked.
 *
 * @param trustedCertificates files and directories of certificates that are trusted besides the Java runtime's own
 *     authorities
 */
public record TlsSettings(Verification verification, List<Path> trustedCertificates) {
    /** Chef's {@code ssl_verify_mode}. */
    public enum Verification {
        PEER,
        NONE
    }

    public TlsSettings {
        Objects.requireNonNull(verification, "verification");
        trustedCertificates = List.copyOf(trustedCertificates);
    }

    /** @param given {@code verify_peer} or {@code verify_none}, with or without Ruby's colon, or OpenSSL's number for it */
    static Verification verification(Given given) throws InvalidSettingsException {
        return switch (given.value().strip().toLowerCase(Locale.ROOT).replaceFirst("^:", "")) {
            case "verify_peer", "1" -> Verification.PEER;
            case "verify_none", "0" -> Verification.NONE;
            default ->
                throw new InvalidSettingsException("ssl_verify_mode must be verify_peer or verify_none, not '"
                        + given.value() + "' (from " + given.origin() + ")");
        };
    }
}
