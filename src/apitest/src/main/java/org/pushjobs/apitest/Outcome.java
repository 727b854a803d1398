package org.pushjobs.apitest;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * How a case ended.
 *
 * @param failure what was wrong; empty when it passed
 */
record Outcome(String name, Duration took, Optional<String> failure) {
    Outcome {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(took, "took");
        Objects.requireNonNull(failure, "failure");
    }
}
