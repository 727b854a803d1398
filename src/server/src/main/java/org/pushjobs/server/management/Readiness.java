package org.pushjobs.server.management;

import java.util.Objects;
import java.util.Optional;

/**
 * Whether a role does, or could do, what it is there for.
 *
 * @param status in one or two words
 * @param problem why not; empty when it does or could
 */
public record Readiness(String status, Optional<String> problem) {
    public Readiness {
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(problem, "problem");
    }

    /** Of a role that works or does not. */
    public static Readiness of(Optional<String> problem) {
        return new Readiness(problem.isEmpty() ? "ready" : "not ready", problem);
    }
}
