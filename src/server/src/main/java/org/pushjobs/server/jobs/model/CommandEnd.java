package org.pushjobs.server.jobs.model;

import java.util.Objects;
import java.util.Optional;

/**
 * How a node's command ended, as far as its agent tells.
 *
 * @param exitCode 0 to 255; 128 and more when a signal ended it
 * @param signal name of that signal, without {@code SIG}
 */
public record CommandEnd(int exitCode, Optional<String> signal) {
    public CommandEnd {
        Objects.requireNonNull(signal, "signal");
    }
}
