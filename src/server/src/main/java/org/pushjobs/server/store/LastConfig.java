package org.pushjobs.server.store;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * The newest configuration that was handed out for a node.
 *
 * @param told empty when a server of an older version handed it out
 */
public record LastConfig(Instant at, Optional<ToldConfig> told) {
    public LastConfig {
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(told, "told");
    }
}
