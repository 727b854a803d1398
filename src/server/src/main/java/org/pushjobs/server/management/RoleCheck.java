package org.pushjobs.server.management;

import io.vertx.core.Future;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Whether one role of this process can be used, for who sends something to it or not.
 *
 * @param role its name in the path
 * @param readiness asked on any thread; a failure is a problem
 */
public record RoleCheck(String role, Supplier<Future<Readiness>> readiness) {
    public RoleCheck {
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(readiness, "readiness");
    }
}
