package org.pushjobs.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pushjobs.protocol.codec.RejectionReason;
import org.pushjobs.protocol.message.AgentEnvelope;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.JobState;

class ServerMetricsTest {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ServerMetrics metrics = new ServerMetrics(registry);

    @ParameterizedTest
    @EnumSource
    void everyReasonIsThereFromTheStart(RejectionReason reason) {
        assertThat(registry.scrape().lines())
                .contains("pushjobs_messages_rejected_total{reason=\"" + reason.label() + "\"} 0.0");
    }

    @Test
    void rejectedMessagesAreCountedByReason() {
        metrics.messageRejected(RejectionReason.CLOCK_SKEW);
        metrics.messageRejected(RejectionReason.CLOCK_SKEW);
        metrics.messageRejected(RejectionReason.BAD_JSON);

        assertThat(registry.scrape().lines())
                .contains("pushjobs_messages_rejected_total{reason=\"clock_skew\"} 2.0")
                .contains("pushjobs_messages_rejected_total{reason=\"bad_json\"} 1.0")
                .contains("pushjobs_messages_rejected_total{reason=\"bad_signature\"} 0.0");
    }

    @Test
    void numberThatIsWatchedAnewIsTheOneThatIsShown() {
        metrics.watch("pushjobs.store.lag", "age", () -> 1);
        metrics.watchQueue("store", () -> 2);
        metrics.port("command", () -> 3);

        metrics.watch("pushjobs.store.lag", "age", () -> 11);
        metrics.watchQueue("store", () -> 12);
        metrics.port("command", () -> 13);

        assertThat(registry.scrape().lines())
                .contains("pushjobs_store_lag 11.0")
                .contains("pushjobs_queue_depth{queue=\"store\"} 12.0")
                .contains("pushjobs_connections{port=\"command\"} 13.0");
    }

    @Test
    void receivedMessagesAreCountedByType() {
        AgentEnvelope envelope = new AgentEnvelope(
                "web-1", "web-1.example.com", "acme", 1, Instant.EPOCH, "an incarnation", Optional.empty());

        metrics.messageReceived(new AgentMessage.Heartbeat(envelope, JobState.IDLE));
        metrics.messageReceived(new AgentMessage.Heartbeat(envelope, JobState.IDLE));
        metrics.messageReceived(new AgentMessage.AckCommit(envelope));

        assertThat(registry.scrape().lines())
                .contains("pushjobs_messages_received_total{type=\"heartbeat\"} 2.0")
                .contains("pushjobs_messages_received_total{type=\"ack_commit\"} 1.0");
    }
}
