package org.pushjobs.config;

import java.util.Objects;

/** Who may see what, as far as no group says it (docs/decisions/0031). */
public record AccessConfig(ReadAccess read, EnvAccess env) {
    public AccessConfig {
        Objects.requireNonNull(read, "read");
        Objects.requireNonNull(env, "env");
    }
}
