package org.pushjobs.server.rejections;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pushjobs.protocol.codec.RejectionReason;
import org.pushjobs.server.testing.SettableClock;
import org.slf4j.LoggerFactory;

class RejectionLogTest {
    private final SettableClock clock = new SettableClock(Instant.parse("2026-01-01T00:00:00Z"));
    private final RejectionLog log = new RejectionLog(clock);
    private final Logger logger = (Logger) LoggerFactory.getLogger(RejectionLog.class);
    private final ListAppender<ILoggingEvent> written = new ListAppender<>();

    @BeforeEach
    void capture() {
        written.start();
        logger.addAppender(written);
        logger.setAdditive(false);
    }

    @AfterEach
    void release() {
        logger.detachAppender(written);
        logger.setAdditive(true);
    }

    private List<String> lines() {
        return written.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void theFirstRejectionIsLoggedAsAWarning() {
        log.rejected(RejectionReason.BAD_SIGNATURE, "acme/web-1", "signature does not match");

        assertThat(lines())
                .containsExactly(
                        "message rejected [reason: bad_signature, peer: acme/web-1, detail: signature does not match]");
        assertThat(written.list.getFirst().getLevel()).isEqualTo(Level.WARN);
    }

    @Test
    void repetitionsInTheIntervalAreCountedAndTheCountLoggedWithTheNextLine() {
        for (int i = 0; i < 5; i++) {
            log.rejected(RejectionReason.CLOCK_SKEW, "acme/web-1", "detail " + i);
            clock.forward(Duration.ofSeconds(10));
        }
        clock.forward(Duration.ofSeconds(10));
        log.rejected(RejectionReason.CLOCK_SKEW, "acme/web-1", "later");
        clock.forward(Duration.ofSeconds(60));
        log.rejected(RejectionReason.CLOCK_SKEW, "acme/web-1", "much later");

        assertThat(lines())
                .containsExactly(
                        "message rejected [reason: clock_skew, peer: acme/web-1, detail: detail 0]",
                        "message rejected [reason: clock_skew, peer: acme/web-1, detail: later, suppressed: 4 in the"
                                + " last 60 s]",
                        "message rejected [reason: clock_skew, peer: acme/web-1, detail: much later]");
    }

    @Test
    void otherCausesAndPeersHaveTheirOwnLines() {
        log.rejected(RejectionReason.BAD_JSON, "acme/web-1", "a");
        log.rejected(RejectionReason.BAD_FIELD, "acme/web-1", "b");
        log.rejected(RejectionReason.BAD_JSON, "acme/web-2", "c");
        log.rejected(RejectionReason.BAD_JSON, "acme/web-1", "d");

        assertThat(lines()).hasSize(3);
    }

    @Test
    void aFloodUnderInventedNamesHasOneLinePerPairRememberedAndOneMore() {
        for (int i = 0; i < 10_000; i++) {
            log.rejected(RejectionReason.UNKNOWN_NODE, "acme/invented-" + i, "no such node");
        }

        assertThat(lines()).hasSize(1001);
        assertThat(lines().getLast())
                .isEqualTo(
                        "messages rejected from too many peers to name each [for example: acme/invented-1000, reason:"
                                + " unknown_node, peers named: 1000, suppressed: none]");
    }

    @Test
    void theSharedLineComesOncePerIntervalWithItsCount() {
        RejectionLog small = new RejectionLog(clock, Duration.ofSeconds(60), 1);
        small.rejected(RejectionReason.UNKNOWN_NODE, "a", "no such node");
        clock.forward(Duration.ofSeconds(30));
        for (String peer : List.of("b", "c", "d")) {
            small.rejected(RejectionReason.UNKNOWN_NODE, peer, "no such node");
        }
        clock.forward(Duration.ofSeconds(30));
        small.rejected(RejectionReason.UNKNOWN_NODE, "a", "no such node");
        clock.forward(Duration.ofSeconds(30));
        small.rejected(RejectionReason.UNKNOWN_NODE, "e", "no such node");

        assertThat(lines())
                .containsExactly(
                        "message rejected [reason: unknown_node, peer: a, detail: no such node]",
                        "messages rejected from too many peers to name each [for example: b, reason: unknown_node, peers"
                                + " named: 1, suppressed: none]",
                        "message rejected [reason: unknown_node, peer: a, detail: no such node]",
                        "messages rejected from too many peers to name each [for example: e, reason: unknown_node, peers"
                                + " named: 1, suppressed: 2 in the last 60 s]");
    }

    @Test
    void thePairWithTheOldestLineMakesRoomWhenItsIntervalIsOver() {
        RejectionLog small = new RejectionLog(clock, Duration.ofSeconds(60), 2);
        small.rejected(RejectionReason.UNKNOWN_NODE, "a", "no such node");
        clock.forward(Duration.ofSeconds(40));
        small.rejected(RejectionReason.UNKNOWN_NODE, "b", "no such node");
        clock.forward(Duration.ofSeconds(20));
        small.rejected(RejectionReason.UNKNOWN_NODE, "c", "no such node");
        small.rejected(RejectionReason.UNKNOWN_NODE, "b", "no such node");

        assertThat(lines())
                .extracting(line -> line.replaceAll(".*peer: (\\w),.*", "$1"))
                .containsExactly("a", "b", "c");
    }

    @Test
    void aClockThatIsSetBackDoesNotSilenceThePeer() {
        log.rejected(RejectionReason.BAD_JSON, "acme/web-1", "before");
        clock.forward(Duration.ofHours(-1));
        log.rejected(RejectionReason.BAD_JSON, "acme/web-1", "after");

        assertThat(lines()).hasSize(2);
    }

    @Test
    void whatASenderChoseCannotBreakTheLineOrMakeItEndless() {
        log.rejected(
                RejectionReason.BAD_FIELD,
                "acme/we\nb\u001b[31m" + "x".repeat(100_000),
                "line 1\r\n" + "y".repeat(9999));

        assertThat(lines())
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .startsWith("message rejected [reason: bad_field, peer: acme/we?b?[31mxxx")
                        .contains("detail: line 1??yyy")
                        .hasSizeLessThan(1000)
                        .doesNotContain("\n", "\r", "\u001b"));
    }
}
