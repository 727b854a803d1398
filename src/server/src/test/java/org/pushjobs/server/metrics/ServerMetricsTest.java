package org.pushjobs.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pushjobs.protocol.codec.RejectionReason;
import org.pushjobs.protocol.message.AgentEnvelope;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.JobState;
import org.pushjobs.server.jobs.model.JobStatus;
import org.pushjobs.server.jobs.model.NodeStatus;
import org.pushjobs.server.testing.PrometheusRules;
import org.pushjobs.zmtp.wire.CloseReason;

class ServerMetricsTest {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ServerMetrics metrics = new ServerMetrics(registry);

    private List<String> lines() {
        return registry.scrape().lines().toList();
    }

    private Stream<String> series(String name) {
        return registry.scrape().lines().filter(line -> line.startsWith(name));
    }

    @Test
    void allNamesKeepPrometheusRules() {
        metrics.jobs();
        metrics.nodes();
        metrics.feeds();
        metrics.chefServer();
        metrics.http().answered("/jobs", "GET", 200, 1);
        GatewayMetrics gateway = metrics.gateway(PortKind.COMMAND);
        gateway.commandPort(() -> 1);
        gateway.heartbeatPort(() -> 1);
        gateway.messageReceived(new AgentMessage.AckCommit(envelope()));
        metrics.database().watchHosts(List.of("a", "b"), Optional::empty);
        metrics.database().hostChanges("no_answer");
        new AuditMetrics(metrics, "table");
        metrics.watchSeconds("pushjobs.store.lag", "age", () -> 1);
        metrics.watchTotal("pushjobs.cluster.connections.refused", "connections", () -> 1);
        metrics.watchQueue("store", () -> 1);
        metrics.watchQueueBytes("output", () -> 1);
        metrics.watch("pushjobs.nodes.down", "nodes", "reason", "went_silent", () -> 1);
        try (JvmMetrics _ = new JvmMetrics(metrics)) {
            assertThat(PrometheusRules.violations(registry.scrape())).isEmpty();
        }
    }

    @Test
    void timesAreInSecondsAndTheProcessorsToo() {
        metrics.watchSeconds("pushjobs.store.lag", "age", () -> 1.5);
        try (JvmMetrics _ = new JvmMetrics(metrics)) {
            assertThat(lines()).contains("pushjobs_store_lag_seconds 1.5");
            assertThat(series("process_cpu_seconds_total"))
                    .singleElement()
                    .satisfies(line ->
                            assertThat(Double.parseDouble(line.split(" ")[1])).isBetween(0.01, 1e6));
        }
    }

    @Test
    void whatRunsIsToldByLabels() {
        assertThat(series("pushjobs_build_info"))
                .containsExactly(
                        "pushjobs_build_info{java_version=\"" + Runtime.version() + "\",version=\"checkout\"} 1");
    }

    @Test
    void aProcessHasNoNumbersOfWhatItDoesNotHave() {
        assertThat(registry.scrape().lines().filter(line -> line.startsWith("pushjobs_")))
                .isNotEmpty()
                .allMatch(line -> line.startsWith("pushjobs_build_info") || line.startsWith("pushjobs_database_"));
    }

    @Test
    void portsHaveTheReasonsThatCanBeAndNoOthersFromTheStart() {
        GatewayMetrics gateway = metrics.gateway(PortKind.COMMAND);
        gateway.commandPort(() -> 1);
        gateway.heartbeatPort(() -> 1);

        assertThat(lines())
                .contains(
                        "pushjobs_connections_closed_total{port=\"command\",reason=\"closed_by_peer\"} 0.0",
                        "pushjobs_connections_closed_total{port=\"command\",reason=\"forged\"} 0.0",
                        "pushjobs_connections_turned_away_total{port=\"command\",reason=\"refused\"} 0.0",
                        "pushjobs_connections_turned_away_total{port=\"heartbeat\",reason=\"not_zmtp\"} 0.0",
                        "pushjobs_connections_closed_total{port=\"heartbeat\",reason=\"too_many_subscriptions\"} 0.0");
        assertThat(series("pushjobs_connections_closed_total"))
                .noneMatch(line -> line.contains("not_zmtp") || line.contains("timeout") || line.contains("refused"));
        assertThat(series("pushjobs_connections_turned_away_total"))
                .noneMatch(line -> line.contains("does_not_read") || line.contains("silent"));
        assertThat(series("pushjobs_connections").filter(line -> line.contains("\"heartbeat\"")))
                .noneMatch(line -> line.contains("forged") || line.contains("does_not_read"));
    }

    @Test
    void whatWasNotExpectedIsCountedAllTheSame() {
        PortMetrics port = metrics.gateway(PortKind.COMMAND).heartbeatPort(() -> 1);

        port.closed(CloseReason.FORGED);
        port.closed(CloseReason.FORGED);

        assertThat(lines()).contains("pushjobs_connections_closed_total{port=\"heartbeat\",reason=\"forged\"} 2.0");
    }

    @Test
    void inClearTextNobodyHasAKeyThatCouldBeRefused() {
        metrics.gateway(PortKind.CLEAR_COMMAND).commandPort(() -> 1);

        assertThat(registry.scrape().lines())
                .noneMatch(line -> line.contains("refused") || line.contains("wrong_node") || line.contains("forged"));
    }

    @Test
    void jobsAndNodesHaveTheStatesInWhichTheyCanEnd() {
        metrics.jobs().ended(JobStatus.COMPLETE);
        metrics.jobs().nodeEnded(NodeStatus.FAILED);
        metrics.jobs().nodeEnded(NodeStatus.FAILED);

        assertThat(series("pushjobs_jobs_ended_total"))
                .containsExactlyInAnyOrder(
                        "pushjobs_jobs_ended_total{status=\"complete\"} 1.0",
                        "pushjobs_jobs_ended_total{status=\"quorum_failed\"} 0.0",
                        "pushjobs_jobs_ended_total{status=\"crashed\"} 0.0",
                        "pushjobs_jobs_ended_total{status=\"aborted\"} 0.0",
                        "pushjobs_jobs_ended_total{status=\"timed_out\"} 0.0");
        assertThat(series("pushjobs_job_nodes_ended_total"))
                .hasSize(8)
                .contains(
                        "pushjobs_job_nodes_ended_total{status=\"failed\"} 2.0",
                        "pushjobs_job_nodes_ended_total{status=\"succeeded\"} 0.0",
                        "pushjobs_job_nodes_ended_total{status=\"unavailable\"} 0.0")
                .noneMatch(line -> line.contains("running") || line.contains("faulty"));
    }

    private static AgentEnvelope envelope() {
        return new AgentEnvelope(
                "web-1", "web-1.example.com", "acme", 1, Instant.EPOCH, "an incarnation", Optional.empty());
    }

    @ParameterizedTest
    @EnumSource
    void everyReasonIsThereFromTheStart(RejectionReason reason) {
        metrics.gateway(PortKind.COMMAND);

        assertThat(registry.scrape().lines())
                .contains("pushjobs_messages_rejected_total{reason=\"" + reason.label() + "\"} 0.0");
    }

    @Test
    void rejectedMessagesAreCountedByReason() {
        GatewayMetrics gateway = metrics.gateway(PortKind.COMMAND);

        gateway.messageRejected(RejectionReason.CLOCK_SKEW);
        gateway.messageRejected(RejectionReason.CLOCK_SKEW);
        gateway.messageRejected(RejectionReason.BAD_JSON);

        assertThat(registry.scrape().lines())
                .contains("pushjobs_messages_rejected_total{reason=\"clock_skew\"} 2.0")
                .contains("pushjobs_messages_rejected_total{reason=\"bad_json\"} 1.0")
                .contains("pushjobs_messages_rejected_total{reason=\"bad_signature\"} 0.0");
    }

    @Test
    void numberThatIsWatchedAnewIsTheOneThatIsShown() {
        metrics.watchSeconds("pushjobs.store.lag", "age", () -> 1);
        metrics.watchQueue("store", () -> 2);
        metrics.gateway(PortKind.COMMAND).commandPort(() -> 3);

        metrics.watchSeconds("pushjobs.store.lag", "age", () -> 11);
        metrics.watchQueue("store", () -> 12);
        metrics.gateway(PortKind.COMMAND).commandPort(() -> 13);

        assertThat(registry.scrape().lines())
                .contains("pushjobs_store_lag_seconds 11.0")
                .contains("pushjobs_queue_depth{queue=\"store\"} 12.0")
                .contains("pushjobs_connections{port=\"command\"} 13.0");
    }

    @Test
    void receivedMessagesAreCountedByType() {
        GatewayMetrics gateway = metrics.gateway(PortKind.COMMAND);

        gateway.messageReceived(new AgentMessage.Heartbeat(envelope(), JobState.IDLE));
        gateway.messageReceived(new AgentMessage.Heartbeat(envelope(), JobState.IDLE));
        gateway.messageReceived(new AgentMessage.AckCommit(envelope()));

        assertThat(registry.scrape().lines())
                .contains("pushjobs_messages_received_total{type=\"heartbeat\"} 2.0")
                .contains("pushjobs_messages_received_total{type=\"ack_commit\"} 1.0");
    }
}
