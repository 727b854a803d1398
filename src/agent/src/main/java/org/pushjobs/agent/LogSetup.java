package org.pushjobs.agent;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.OutputStreamAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.pushjobs.agent.settings.AgentException;
import org.pushjobs.agent.settings.LogSettings;
import org.slf4j.LoggerFactory;

/**
 * Sets the program's logging up. It is done here and not by a configuration file on the class path, which programs that
 * embed the agent would get as well.
 */
final class LogSetup {
    private static final String PATTERN = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level [%thread] %logger{0} %msg%n";

    private LogSetup() {}

    /** @throws AgentException when the log file cannot be written */
    static void apply(LogSettings settings) throws AgentException {
        if (settings.file().isPresent()) {
            checkWritable(settings.file().get());
        }
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(PATTERN);
        encoder.start();
        OutputStreamAppender<ILoggingEvent> appender =
                settings.file().map(LogSetup::toFile).orElseGet(ConsoleAppender::new);
        appender.setContext(context);
        appender.setEncoder(encoder);
        appender.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.convertAnSLF4JLevel(settings.level()));
        root.addAppender(appender);
    }

    /** Opens the log file by its name again, after somebody has renamed it; the old one stays in use when that fails. */
    static void reopen() {
        Logger root = ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.iteratorForAppenders().forEachRemaining(appender -> {
            if (appender instanceof FileAppender<ILoggingEvent> file) {
                try {
                    file.openFile(file.getFile());
                } catch (IOException | RuntimeException e) {
                    root.error(
                            "the log file cannot be opened again [file: {}, cause: {}]", file.getFile(), e.toString());
                }
            }
        });
    }

    /** Changes what is logged while the program runs. */
    static void setLevel(org.slf4j.event.Level level) {
        ((LoggerContext) LoggerFactory.getILoggerFactory())
                .getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)
                .setLevel(Level.convertAnSLF4JLevel(level));
    }

    private static void checkWritable(Path file) throws AgentException {
        try {
            Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)
                    .close();
        } catch (IOException e) {
            throw new AgentException("the log file cannot be written: " + e, e);
        }
    }

    private static OutputStreamAppender<ILoggingEvent> toFile(Path file) {
        FileAppender<ILoggingEvent> appender = new FileAppender<>();
        appender.setFile(file.toString());
        return appender;
    }
}
