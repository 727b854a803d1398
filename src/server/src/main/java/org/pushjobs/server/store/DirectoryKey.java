package org.pushjobs.server.store;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * A key to be put into the directory.
 *
 * @param name unique among those of its holder
 * @param expiresAt from when on it does not count; empty for never
 */
public record DirectoryKey(String name, String publicKeyPem, Optional<Instant> expiresAt) {
    /** The name of a first key. */
    public static final String DEFAULT_NAME = "default";

    public DirectoryKey {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(publicKeyPem, "publicKeyPem");
        Objects.requireNonNull(expiresAt, "expiresAt");
    }

    /** The first key of somebody. */
    public static DirectoryKey first(String publicKeyPem) {
        return new DirectoryKey(DEFAULT_NAME, publicKeyPem, Optional.empty());
    }
}
