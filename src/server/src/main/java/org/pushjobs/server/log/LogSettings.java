package org.pushjobs.server.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.pushjobs.config.LogFormat;
import org.pushjobs.config.settings.ConfigFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How much is logged, and how it looks (docs/configuration.md, "Log"). */
public final class LogSettings {
    private static final String OWN = "org.pushjobs";

    private final LoggerContext context;
    private final Level ownAtStart;
    private final Level librariesAtStart;
    /** What writes lines, and how it writes them as text; several, or others, where somebody has configured them. */
    private final Map<OutputStreamAppender<ILoggingEvent>, Encoder<ILoggingEvent>> outs = new LinkedHashMap<>();

    private final Encoder<ILoggingEvent> json;

    LogSettings(LoggerContext context) {
        this.context = Objects.requireNonNull(context, "context");
        context.getLogger(Logger.ROOT_LOGGER_NAME).iteratorForAppenders().forEachRemaining(appender -> {
            if (appender instanceof OutputStreamAppender<ILoggingEvent> out) {
                outs.put(out, out.getEncoder());
            }
        });
        this.ownAtStart = context.getLogger(OWN).getLevel();
        this.librariesAtStart = context.getLogger(Logger.ROOT_LOGGER_NAME).getLevel();
        this.json = new JsonLines();
        json.setContext(context);
        json.start();
    }

    /** Remembers what the environment said. */
    public static LogSettings ofEnvironment() {
        return new LogSettings((LoggerContext) LoggerFactory.getILoggerFactory());
    }

    /**
     * What is logged from now on is as the file says; where it has no levels those of the environment count. Usable from any
     * thread, one at a time.
     */
    public void apply(ConfigFile file) {
        set(OWN, file.logLevel(), ownAtStart);
        set(Logger.ROOT_LOGGER_NAME, file.libraryLogLevel(), librariesAtStart);
        set(file.logFormat());
    }

    private void set(String logger, Optional<org.slf4j.event.Level> level, Level otherwise) {
        context.getLogger(logger)
                .setLevel(level.map(set -> Level.toLevel(set.name())).orElse(otherwise));
    }

    void set(LogFormat format) {
        outs.forEach((out, text) -> out.setEncoder(
                switch (format) {
                    case TEXT -> text;
                    case JSON -> json;
                }));
    }

    /** The levels that count, for the log. */
    public String levels() {
        return context.getLogger(OWN).getLevel() + ", libraries "
                + context.getLogger(Logger.ROOT_LOGGER_NAME).getLevel();
    }
}
