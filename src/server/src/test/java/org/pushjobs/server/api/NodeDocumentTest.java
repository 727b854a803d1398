package org.pushjobs.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.codec.RejectionReason;
import org.pushjobs.server.gateway.ContactLog;
import org.pushjobs.server.nodes.AgentContact;
import org.pushjobs.server.nodes.NodeDetail;
import org.pushjobs.server.nodes.UnavailableReason;
import org.pushjobs.server.store.ToldConfig;

class NodeDocumentTest {
    private static final Instant NOW = Instant.parse("2026-01-14T10:00:05Z");
    private static final ToldConfig TOLD = new ToldConfig("tcp://push:1", "tcp://push:2", 4_000);
    private static final Instant BEFORE = NOW.minusSeconds(65);

    static Stream<Arguments> reasons() {
        String since = "\"since\":\"Wed, 14 Jan 2026 09:59:00 GMT\"";
        return Stream.of(
                Arguments.of(new UnavailableReason.NeverFetchedConfig(), "never_fetched_config", ""),
                Arguments.of(new UnavailableReason.UnknownName(), "unknown_name", ""),
                Arguments.of(new UnavailableReason.NeverConnected(BEFORE), "never_connected", since),
                Arguments.of(new UnavailableReason.KeyRefused(BEFORE, "192.0.2.1", "why"), "key_refused", since),
                Arguments.of(
                        new UnavailableReason.ConfigRefused(BEFORE, "192.0.2.1", 401, "why"),
                        "config_refused",
                        since + ",\"refused_status\":401,\"refused_address\":\"192.0.2.1\""),
                Arguments.of(new UnavailableReason.BadSignature(BEFORE), "bad_signature", since),
                Arguments.of(
                        new UnavailableReason.ClockSkew(BEFORE, Duration.ofSeconds(-302)),
                        "clock_skew",
                        since + ",\"clock_behind_seconds\":-302"),
                Arguments.of(
                        new UnavailableReason.MessagesRejected(BEFORE, RejectionReason.BAD_JSON, "why"),
                        "messages_rejected",
                        since),
                Arguments.of(new UnavailableReason.InRehab(BEFORE), "in_rehab", since),
                Arguments.of(
                        new UnavailableReason.DuplicateAgents(BEFORE, List.of("a (192.0.2.1)", "b (192.0.2.2)")),
                        "duplicate_agents",
                        since + ",\"agents\":[\"a (192.0.2.1)\",\"b (192.0.2.2)\"]"),
                Arguments.of(
                        new UnavailableReason.ToldOtherAddress(
                                BEFORE, TOLD, new ToldConfig("tcp://push:3", "tcp://push:4", 4_000)),
                        "told_other_address",
                        since),
                Arguments.of(
                        new UnavailableReason.WentSilent(BEFORE), "went_silent", since + ",\"silent_seconds\":65"));
    }

    @ParameterizedTest
    @MethodSource("reasons")
    void everyReasonIsShownWithItsFacts(UnavailableReason reason, String label, String facts) {
        NodeDetail node = new NodeDetail(
                new NodeRef(TestApi.GUID, "web-1"),
                false,
                false,
                Optional.empty(),
                Optional.of(reason),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());

        assertThat(NodeDocument.withDetail(node, NOW).toString())
                .isEqualTo("{\"node_name\":\"web-1\",\"status\":\"offline\",\"availability\":\"unavailable\","
                        + "\"detail\":{\"reason\":\"" + label + "\",\"message\":\"" + reason.message(NOW) + "\""
                        + (facts.isEmpty() ? "" : "," + facts) + "}}");
    }

    @Test
    void availableNodeIsShownWithAllThatIsKnownOfIt() {
        NodeDetail node = new NodeDetail(
                new NodeRef(TestApi.GUID, "web-1"),
                true,
                true,
                Optional.of(BEFORE),
                Optional.empty(),
                Optional.of(BEFORE),
                Optional.of(TOLD),
                Optional.of(new AgentContact(NOW, BEFORE, "192.0.2.1", "web-1.example.com", "2.0")),
                Optional.of(new ContactLog.Rejection(BEFORE, RejectionReason.BAD_FIELD, "why", Optional.empty())),
                Optional.of("0123abcd0000000000000000000000ff"));

        assertThat(NodeDocument.withDetail(node, NOW).toString()).isEqualTo("""
                {"node_name":"web-1","status":"online","availability":"available",\
                "updated_at":"Wed, 14 Jan 2026 09:59:00 GMT","detail":{\
                "job_id":"0123abcd0000000000000000000000ff",\
                "last_seen":"Wed, 14 Jan 2026 10:00:05 GMT","address":"192.0.2.1","client":"web-1.example.com",\
                "protocol_version":"2.0","config_fetched_at":"Wed, 14 Jan 2026 09:59:00 GMT",\
                "told":{"heartbeat_address":"tcp://push:1","command_address":"tcp://push:2","heartbeat_interval":4000},\
                "last_rejection":{"at":"Wed, 14 Jan 2026 09:59:00 GMT","reason":"bad_field","message":"why"}}}""");
    }
}
