package org.pushjobs.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.pushjobs.server.testing.LogCapture;

class StrangerLogTest {
    private static final InetAddress PEER = InetAddress.ofLiteral("192.0.2.1");

    private final AtomicLong nanos = new AtomicLong(-5);
    private final StrangerLog strangers = new StrangerLog(nanos::get);

    @Test
    void aFloodIsALineAMinuteAndAllAreCounted() {
        try (LogCapture log = new LogCapture(StrangerLog.class)) {
            for (int i = 0; i < 1000; i++) {
                strangers.refused(PEER, "noise");
            }
            nanos.addAndGet(Duration.ofMinutes(1).toNanos());
            strangers.refused(PEER, "noise");

            assertThat(log.messages(Level.WARN))
                    .containsExactly(
                            "refused a connection to cluster_port [from: 192.0.2.1, reason: noise]",
                            "refused a connection to cluster_port [from: 192.0.2.1, reason: noise, others since the last"
                                    + " line: 999]");
            assertThat(strangers.refused()).isEqualTo(1001);
        }
    }

    @Test
    void whoIsNoMemberWhereOneShouldBeIsSaidBesides() {
        try (LogCapture log = new LogCapture(StrangerLog.class)) {
            strangers.refused(PEER, "noise");
            strangers.notAccepted(new InetSocketAddress(PEER, 10_005), "it has other secrets");

            assertThat(log.messages(Level.WARN))
                    .hasSize(2)
                    .last()
                    .asString()
                    .contains("192.0.2.1:10005", "it has other secrets");
            assertThat(strangers.refused()).isEqualTo(1);
        }
    }
}
