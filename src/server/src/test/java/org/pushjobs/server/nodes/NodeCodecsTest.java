package org.pushjobs.server.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.codec.RejectionReason;
import org.pushjobs.server.bus.CodecCheck;
import org.pushjobs.server.gateway.ContactLog;

class NodeCodecsTest {
    static final List<CodecCheck<?>> CODECS = List.of(
            new CodecCheck<>(NodeCodecs.QUERY, records -> records.make(NodeQuery.class)),
            new CodecCheck<>(NodeCodecs.STATES, records -> records.list(NodeState.class)),
            new CodecCheck<>(NodeCodecs.QUERY_OF_GATEWAY, records -> records.make(NodeQuery.OfGateway.class)),
            new CodecCheck<>(NodeCodecs.FACTS, records -> records.list(NodeFacts.class)));

    private static final Instant AT = Instant.parse("2026-11-28T10:00:00.123456789Z");
    private static final NodeRef NODE = new NodeRef("org", "web-1");

    @ParameterizedTest
    @FieldSource("CODECS")
    void whatIsSaidAboutNodesStandsAll(CodecCheck<?> check) {
        check.all();
    }

    @Test
    void whatIsSaidAboutNodesIsWrittenAsEver() throws IOException {
        CodecCheck.isWrittenAsEver(NodeCodecs.QUERY, new NodeQuery.OfNode(NODE));
        CodecCheck.isWrittenAsEver(
                NodeCodecs.STATES, List.of(new NodeState(NODE, true, AT), new NodeState(NODE, false, AT)));
        CodecCheck.isWrittenAsEver(
                NodeCodecs.QUERY_OF_GATEWAY, new NodeQuery.FactsOfOrganisation("org", Set.of("web-1")));
        Optional<Instant> at = Optional.of(AT);
        NodeFacts all = new NodeFacts(
                NODE,
                Optional.of(new NodeFacts.Session(true, false, Optional.of("job"))),
                Optional.of(new AgentContact(AT, AT.plusSeconds(1), "192.0.2.1", "host", "2.1")),
                at,
                at.map(time -> time.plusSeconds(2)),
                Optional.of(new NodeFacts.Rivals(AT, List.of("host", "other"))),
                Optional.of(new ContactLog.Fetch(AT, "192.0.2.2")),
                Optional.of(new ContactLog.ConfigRefusal(AT, "192.0.2.3", 403, "not admitted")),
                Optional.of(new ContactLog.Rejection(
                        AT, RejectionReason.CLOCK_SKEW, "late", Optional.of(Duration.ofMillis(-1_500)))),
                Optional.of(new ContactLog.Refusal(AT, "192.0.2.4", "unknown key")));

        CodecCheck.isWrittenAsEver(NodeCodecs.FACTS, List.of(all, NodeFacts.unknown(NODE)));
    }

    @Test
    void reasonsOfRejectionsHaveTheNumbersThatTheyEverHad() {
        assertThat(Stream.of(
                                RejectionReason.WRONG_FRAME_COUNT,
                                RejectionReason.HEADER_TOO_LONG,
                                RejectionReason.BODY_TOO_LONG,
                                RejectionReason.BAD_HEADER,
                                RejectionReason.BAD_JSON,
                                RejectionReason.BAD_FIELD,
                                RejectionReason.UNKNOWN_TYPE,
                                RejectionReason.WRONG_NODE,
                                RejectionReason.UNKNOWN_NODE,
                                RejectionReason.BAD_SIGNATURE,
                                RejectionReason.CLOCK_SKEW)
                        .map(NodeFormats.REJECTIONS::number))
                .containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
    }

    @Test
    void questionsAreReadAsEver() {
        assertThat(Stream.of(
                                new NodeQuery.OfOrganisation("org"),
                                new NodeQuery.OfNode(NODE),
                                new NodeQuery.Count(),
                                new NodeQuery.GatewaysOf(NODE),
                                new NodeQuery.Gateways())
                        .map(query -> CodecCheck.firstNumber(NodeCodecs.QUERY, query)))
                .containsExactly(1, 2, 3, 4, 5);
        assertThat(Stream.of(new NodeQuery.FactsOfNode(NODE), new NodeQuery.FactsOfOrganisation("org", Set.of()))
                        .map(query -> CodecCheck.firstNumber(NodeCodecs.QUERY_OF_GATEWAY, query)))
                .containsExactly(1, 2);
    }
}
