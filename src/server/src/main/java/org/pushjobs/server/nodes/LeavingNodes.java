package org.pushjobs.server.nodes;

import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.pushjobs.server.facts.Departure;
import org.pushjobs.server.time.Schedule;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends the sessions of nodes that are silent, stopped or restarted. Belongs to the event loop of {@link NodeSessions}. */
final class LeavingNodes {
    private static final Logger LOG = LoggerFactory.getLogger(LeavingNodes.class);

    private final Nodes nodes;
    private final LostConnections<Node> lost;
    private final Consequences consequences;
    private final Silence silence;
    private final QuietNodes quiet;
    private final NodeMemory memory;
    private final Statements statements;
    private final Clock clock;
    private final Schedule schedule;

    LeavingNodes(
            Nodes nodes,
            LostConnections<Node> lost,
            Consequences consequences,
            Silence silence,
            QuietNodes quiet,
            NodeMemory memory,
            Statements statements,
            Clock clock,
            Schedule schedule) {
        this.nodes = Objects.requireNonNull(nodes, "nodes");
        this.lost = Objects.requireNonNull(lost, "lost");
        this.consequences = Objects.requireNonNull(consequences, "consequences");
        this.silence = Objects.requireNonNull(silence, "silence");
        this.quiet = Objects.requireNonNull(quiet, "quiet");
        this.memory = Objects.requireNonNull(memory, "memory");
        this.statements = Objects.requireNonNull(statements, "statements");
        this.clock = Objects.requireNonNull(clock, "clock");
        this.schedule = Objects.requireNonNull(schedule, "schedule");
    }

    /** Walks over all nodes. */
    void findSilent() {
        List<Node> silent = nodes.all().stream().filter(silence::isSilent).toList();
        memory.forgetQuiet(schedule.nowMillis());
        Map<Node, String> reasons = new LinkedHashMap<>();
        for (Node node : silent) {
            if (silence.isWithoutLife(node)) {
                String reason = "last heartbeat " + (schedule.nowMillis() - node.lastSignMillis()) / 1000 + " s ago";
                leave(node, reason, Departure.SILENT);
                reasons.put(node, reason);
            } else {
                silence.timeIsWrong(node);
            }
        }
        quiet.areSilent(reasons);
    }

    /** The node's agent is gone for sure. */
    void down(Node node, Departure how) {
        leave(node, how.text(), how);
        statements.detached(node.ref(), node.number(), how.text(), how);
    }

    private void leave(Node node, String reason, Departure how) {
        lost.over(node);
        nodes.remove(node);
        consequences.left(node);
        memory.left(node.ref(), node.contact(clock.instant(), schedule.nowMillis()), clock.instant(), how);
        LOG.info(
                "node went down [org: {}, node: {}, reason: {}]",
                node.orgName(),
                node.ref().node(),
                reason);
    }
}
