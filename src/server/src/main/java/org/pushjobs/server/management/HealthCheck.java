package org.pushjobs.server.management;

import io.vertx.core.Future;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Whether one part of the server works.
 *
 * @param part its name in the answer
 * @param problem asked on any thread; why it does not work, empty when it does; a failure is a problem too
 * @param host asked on any thread; which of several hosts does the work, for people; empty where there is no choice
 */
public record HealthCheck(String part, Supplier<Future<Optional<String>>> problem, Supplier<Optional<String>> host) {
    public HealthCheck(String part, Supplier<Future<Optional<String>>> problem) {
        this(part, problem, Optional::empty);
    }

    public HealthCheck {
        Objects.requireNonNull(part, "part");
        Objects.requireNonNull(problem, "problem");
        Objects.requireNonNull(host, "host");
    }
}
