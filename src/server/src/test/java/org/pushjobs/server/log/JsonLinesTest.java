package org.pushjobs.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pushjobs.config.LogFormat;
import org.slf4j.Logger;

/** The server's logback.xml with the setting {@code log_format}. */
class JsonLinesTest {
    private final LoggerContext context = new LoggerContext();
    private final StringBuilder written = new StringBuilder();
    private LogSettings settings;

    @BeforeEach
    void configure() throws Exception {
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(JsonLinesTest.class.getResource("/logback.xml"));
        settings = new LogSettings(context);
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    private List<String> lines() {
        return written.toString().lines().toList();
    }

    private void log(Level level, String message, Throwable thrown, Object... values) {
        LoggingEvent event = new LoggingEvent(
                JsonLinesTest.class.getName(),
                context.getLogger("org.pushjobs.server.nodes.LeavingNodes"),
                level,
                message,
                thrown,
                values);
        event.setInstant(Instant.parse("2026-03-04T05:06:07.089Z"));
        OutputStreamAppender<ILoggingEvent> out = (OutputStreamAppender<ILoggingEvent>)
                context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("STDOUT");
        written.append(new String(out.getEncoder().encode(event), StandardCharsets.UTF_8));
    }

    @Test
    void anEventIsOneObjectWithTimeLevelLoggerMessageAndFacts() {
        settings.set(LogFormat.JSON);

        log(Level.INFO, "node went down [org: {}, node: {}, after: {}]", null, "acme", "web \"1\"\n", 12L);

        assertThat(lines())
                .containsExactly("{\"time\":\"2026-03-04T05:06:07.089Z\",\"level\":\"INFO\","
                        + "\"logger\":\"org.pushjobs.server.nodes.LeavingNodes\",\"message\":\"node went down\","
                        + "\"facts\":{\"org\":\"acme\",\"node\":\"web \\\"1\\\"\\n\",\"after\":12}}");
    }

    @Test
    void aStackTraceAndAMessageWithBreaksStayOnTheLine() {
        settings.set(LogFormat.JSON);

        log(
                Level.ERROR,
                "failed\r\n{\"level\":\"INFO\"}",
                new IllegalStateException("outer", new IllegalArgumentException("inner\nforged")));

        assertThat(lines()).singleElement().satisfies(line -> {
            JsonObject object = new JsonObject(line);
            assertThat(object.getString("level")).isEqualTo("ERROR");
            assertThat(object.getString("message")).isEqualTo("failed\r\n{\"level\":\"INFO\"}");
            assertThat(object.containsKey("facts")).isFalse();
            assertThat(object.getString("exception"))
                    .startsWith("java.lang.IllegalArgumentException: inner\nforged")
                    .contains("Wrapped by: java.lang.IllegalStateException: outer");
        });
    }

    @Test
    void theFormatChangesWhileEventsAreLogged() {
        log(Level.INFO, "one", null);
        settings.set(LogFormat.JSON);
        log(Level.INFO, "two", null);
        settings.set(LogFormat.TEXT);
        log(Level.INFO, "three", null);

        assertThat(lines())
                .satisfiesExactly(
                        line -> assertThat(line).endsWith("LeavingNodes: one"),
                        line -> assertThat(new JsonObject(line).getString("message"))
                                .isEqualTo("two"),
                        line -> assertThat(line).endsWith("LeavingNodes: three"));
    }
}
