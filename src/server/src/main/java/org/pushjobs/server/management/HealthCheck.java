package org.pushjobs.server.management;

import io.vertx.core.Future;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Whether one part of the server works.
 *
 * @param part its name in the answer
 * @param problem asked on any thread; why it does not work, empty when it does; a failure is a problem too
 * @param details asked on any thread; what else there is to say of it, for people, by what it is
 */
public record HealthCheck(
        String part, Supplier<Future<Optional<String>>> problem, Supplier<Map<String, String>> details) {
    public HealthCheck(String part, Supplier<Future<Optional<String>>> problem) {
        this(part, problem, Map::of);
    }

    public HealthCheck {
        Objects.requireNonNull(part, "part");
        Objects.requireNonNull(problem, "problem");
        Objects.requireNonNull(details, "details");
    }
}
