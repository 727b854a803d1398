package org.pushjobs.config;

import java.time.Duration;
import java.util.Objects;

/**
 * Which of several servers runs the jobs.
 *
 * @param lease after which another one may take over from one that says nothing any more
 */
public record CoordinatorConfig(Duration lease) {
    public CoordinatorConfig {
        Objects.requireNonNull(lease, "lease");
    }
}
