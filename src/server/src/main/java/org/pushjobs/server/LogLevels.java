package org.pushjobs.server;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import java.util.Optional;
import org.pushjobs.config.settings.ConfigFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How much is logged (docs/configuration.md, "Log"). */
final class LogLevels {
    private static final String OWN = "org.pushjobs";

    private final LoggerContext context;
    private final Level ownAtStart;
    private final Level librariesAtStart;

    private LogLevels(LoggerContext context) {
        this.context = context;
        this.ownAtStart = context.getLogger(OWN).getLevel();
        this.librariesAtStart = context.getLogger(Logger.ROOT_LOGGER_NAME).getLevel();
    }

    /** Remembers what the environment said. */
    static LogLevels ofEnvironment() {
        return new LogLevels((LoggerContext) LoggerFactory.getILoggerFactory());
    }

    /** Sets the levels of the file; where it has none those of the environment count. */
    void apply(ConfigFile file) {
        set(OWN, file.logLevel(), ownAtStart);
        set(Logger.ROOT_LOGGER_NAME, file.libraryLogLevel(), librariesAtStart);
    }

    private void set(String logger, Optional<org.slf4j.event.Level> level, Level otherwise) {
        context.getLogger(logger)
                .setLevel(level.map(set -> Level.toLevel(set.name())).orElse(otherwise));
    }

    /** The levels that count, for the log. */
    @Override
    public String toString() {
        return context.getLogger(OWN).getLevel() + ", libraries "
                + context.getLogger(Logger.ROOT_LOGGER_NAME).getLevel();
    }
}
