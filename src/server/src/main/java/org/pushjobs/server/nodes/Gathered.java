package org.pushjobs.server.nodes;

import java.util.Objects;
import java.util.Optional;

/**
 * What those know together who were asked.
 *
 * @param missing why there may be more to know, for people; empty when all have answered
 */
public record Gathered<T>(T found, Optional<String> missing) {
    public Gathered {
        Objects.requireNonNull(found, "found");
        Objects.requireNonNull(missing, "missing");
    }
}
