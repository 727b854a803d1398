package org.pushjobs.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.joran.spi.JoranException;
import ch.qos.logback.core.status.Status;
import ch.qos.logback.core.status.WarnStatus;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The server's logback.xml. */
class LogFormatTest {
    private final LoggerContext context = new LoggerContext();

    private void configure(Map<String, String> properties) throws JoranException {
        properties.forEach(context::putProperty);
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(LogFormatTest.class.getResource("/logback.xml"));
        assertThat(context.getStatusManager().getCopyOfStatusList())
                .extracting(Status::getEffectiveLevel)
                .allMatch(level -> level < WarnStatus.WARN);
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    private String line(String loggerName, Level level, String message, Throwable thrown, Object... arguments) {
        ConsoleAppender<ILoggingEvent> appender = (ConsoleAppender<ILoggingEvent>)
                context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("STDOUT");
        assertThat(appender.getTarget()).isEqualTo("System.out");
        LoggingEvent event = new LoggingEvent(
                LogFormatTest.class.getName(), context.getLogger(loggerName), level, message, thrown, arguments);
        event.setInstant(Instant.parse("2026-03-04T05:06:07.089Z"));
        return new String(appender.getEncoder().encode(event), StandardCharsets.UTF_8);
    }

    @Test
    void anEventIsOneLineWithTimeLevelOriginAndMessage() throws Exception {
        configure(Map.of());

        assertThat(line(
                        "org.pushjobs.server.nodes.NodeSessions",
                        Level.INFO,
                        "node went down [org: {}, node: {}]",
                        null,
                        "acme",
                        "web-1"))
                .isEqualTo("2026-03-04T05:06:07.089Z INFO  NodeSessions: node went down [org: acme, node: web-1]\n");
    }

    @Test
    void aStackTraceAndAMessageWithBreaksStayOnTheLine() throws Exception {
        configure(Map.of());

        String line = line(
                "org.pushjobs.server.PushJobsServer",
                Level.ERROR,
                "failed\r\n2026-03-04T05:06:07.089Z INFO forged",
                new IllegalStateException("outer", new IllegalArgumentException("inner\nforged")));

        assertThat(line)
                .startsWith("2026-03-04T05:06:07.089Z ERROR PushJobsServer: failed | 2026-03-04T05:06:07.089Z INFO"
                        + " forged | java.lang.IllegalArgumentException: inner | forged | ")
                .contains(" | Wrapped by: java.lang.IllegalStateException: outer | at ")
                .endsWith("\n");
        assertThat(line.lines()).hasSize(1);
        assertThat(line.split(" \\| at ")).as("frames of both").hasSizeLessThanOrEqualTo(41);
    }

    @Test
    void theServerLogsFromInfoAndItsLibrariesFromWarn() throws Exception {
        configure(Map.of());

        assertThat(context.getLogger("org.pushjobs.server.jobs.Coordinator").getEffectiveLevel())
                .isEqualTo(Level.INFO);
        for (String library :
                new String[] {"io.vertx.core", "io.netty.channel", "com.hazelcast", "org.flywaydb.core", "io.zonky.test"
                }) {
            assertThat(context.getLogger(library).getEffectiveLevel())
                    .as(library)
                    .isEqualTo(Level.WARN);
        }
    }

    @Test
    void bothLevelsCanBeSet() throws Exception {
        configure(Map.of("PUSHJOBS_LOG_LEVEL", "TRACE", "PUSHJOBS_LIBRARY_LOG_LEVEL", "DEBUG"));

        assertThat(context.getLogger("org.pushjobs.server").getEffectiveLevel()).isEqualTo(Level.TRACE);
        assertThat(context.getLogger("io.vertx.core").getEffectiveLevel()).isEqualTo(Level.DEBUG);
    }
}
