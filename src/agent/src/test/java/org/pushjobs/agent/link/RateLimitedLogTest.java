package org.pushjobs.agent.link;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class RateLimitedLogTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger("rate-limited");
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final RateLimitedLog log = new RateLimitedLog(logger);

    @BeforeEach
    void listen() {
        logger.setAdditive(false);
        logger.addAppender(lines);
        lines.start();
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(lines);
    }

    @Test
    void repeatsAreCountedAndLoggedOnceAMinute() {
        for (long now = 0; now <= 60_000; now += 10_000) {
            log.warn("it broke", "at: " + now, now);
        }

        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly("it broke [at: 0]", "it broke [at: 60000, repeats not logged: 5]");
    }

    @Test
    void causesDoNotHideEachOther() {
        log.warn("it broke", "a: 1", 0);
        log.warn("it bent", "a: 2", 1);

        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly("it broke [a: 1]", "it bent [a: 2]");
    }
}
