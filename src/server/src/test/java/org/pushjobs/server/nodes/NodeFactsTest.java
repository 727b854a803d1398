package org.pushjobs.server.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.server.gateway.ContactLog;

/** What two gateways know of one node. */
class NodeFactsTest {
    private static final NodeRef NODE = new NodeRef("org", "web-1");
    private static final Instant EARLIER = Instant.parse("2026-11-28T10:00:00Z");
    private static final Instant LATER = EARLIER.plusSeconds(60);

    private static NodeFacts of(Optional<NodeFacts.Session> session, Instant heardAt, Optional<Instant> stoppedAt) {
        return new NodeFacts(
                NODE,
                session,
                Optional.of(new AgentContact(heardAt, heardAt, "192.0.2.1", "host", "2.1")),
                Optional.of(heardAt),
                stoppedAt,
                Optional.empty(),
                Optional.of(new ContactLog.Fetch(heardAt, "192.0.2.1")),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static Optional<NodeFacts.Session> session() {
        return Optional.of(new NodeFacts.Session(true, false, Optional.empty()));
    }

    private static void assertTogether(NodeFacts one, NodeFacts other, NodeFacts expected) {
        assertThat(one.together(other)).isEqualTo(expected);
        assertThat(other.together(one)).isEqualTo(expected);
    }

    @Test
    void theOneThatHasTheNodeCounts() {
        NodeFacts left = of(Optional.empty(), EARLIER, Optional.of(EARLIER));
        NodeFacts has = of(session(), LATER, Optional.empty());

        assertTogether(left, has, has);
    }

    @Test
    void ofTwoThatThinkTheyHaveItTheOneThatHeardItLastCounts() {
        NodeFacts brokeOff =
                of(Optional.of(new NodeFacts.Session(false, true, Optional.empty())), EARLIER, Optional.empty());
        NodeFacts has = of(session(), LATER, Optional.empty());

        assertTogether(brokeOff, has, has);
    }

    @Test
    void ofTwoThatHaveItNoMoreTheLastWordCounts() {
        NodeFacts lost = of(Optional.empty(), EARLIER, Optional.empty());
        NodeFacts stopped = of(Optional.empty(), LATER, Optional.of(LATER));

        assertTogether(lost, stopped, stopped);
    }

    @Test
    void whatOnlyOneKnowsIsNotForgotten() {
        NodeFacts has = of(session(), LATER, Optional.empty());
        NodeFacts strange = new NodeFacts(
                NODE,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(new NodeFacts.Rivals(EARLIER, List.of("a", "b"))),
                Optional.empty(),
                Optional.of(new ContactLog.ConfigRefusal(EARLIER, "192.0.2.2", 401, "no")),
                Optional.empty(),
                Optional.of(new ContactLog.Refusal(EARLIER, "192.0.2.2", "unknown")));

        assertTogether(
                has,
                strange,
                new NodeFacts(
                        NODE,
                        has.session(),
                        has.contact(),
                        has.changedAt(),
                        Optional.empty(),
                        strange.rivals(),
                        has.fetch(),
                        strange.configRefusal(),
                        Optional.empty(),
                        strange.refusal()));
    }

    @Test
    void nodeOfWhichNobodyHasHeardAddsNothing() {
        NodeFacts has = of(session(), LATER, Optional.empty());

        assertTogether(has, NodeFacts.unknown(NODE), has);
    }
}
