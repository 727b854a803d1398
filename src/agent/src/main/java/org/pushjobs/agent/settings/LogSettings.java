package org.pushjobs.agent.settings;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.event.Level;

/**
 * What is logged, and where to.
 *
 * @param level the least important level that is logged
 * @param file appended to; empty for the standard output
 */
public record LogSettings(Level level, Optional<Path> file) {
    /** From INFO on, to the standard output. */
    public static final LogSettings DEFAULT = new LogSettings(Level.INFO, Optional.empty());

    public LogSettings {
        Objects.requireNonNull(level, "level");
        Objects.requireNonNull(file, "file");
    }
}
