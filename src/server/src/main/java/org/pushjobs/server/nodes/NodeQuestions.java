package org.pushjobs.server.nodes;

import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.server.time.Schedule;

/** Answers what people ask about nodes. Belongs to the event loop of {@link NodeSessions}. */
final class NodeQuestions {
    private final Nodes nodes;
    private final LostConnections<Node> lost;
    private final WatchedJobs jobs;
    private final NodeMemory memory;
    private final Clock clock;
    private final Schedule schedule;

    NodeQuestions(
            Nodes nodes,
            LostConnections<Node> lost,
            WatchedJobs jobs,
            NodeMemory memory,
            Clock clock,
            Schedule schedule) {
        this.nodes = Objects.requireNonNull(nodes, "nodes");
        this.lost = Objects.requireNonNull(lost, "lost");
        this.jobs = Objects.requireNonNull(jobs, "jobs");
        this.memory = Objects.requireNonNull(memory, "memory");
        this.clock = Objects.requireNonNull(clock, "clock");
        this.schedule = Objects.requireNonNull(schedule, "schedule");
    }

    /** Of these nodes and all others of the organisation that are remembered. */
    List<NodeFacts> facts(String orgGuid, Set<String> given) {
        Set<String> names = new HashSet<>(given);
        nodes.all().stream()
                .map(Node::ref)
                .filter(ref -> ref.orgGuid().equals(orgGuid))
                .forEach(ref -> names.add(ref.node()));
        memory.addNames(orgGuid, names);
        return names.stream().map(name -> facts(new NodeRef(orgGuid, name))).toList();
    }

    NodeFacts facts(NodeRef ref) {
        Optional<Node> node = nodes.find(ref);
        Optional<AgentContact> contact = node.map(known -> known.contact(clock.instant(), schedule.nowMillis()));
        return memory.facts(ref, node.map(this::session), contact, node.map(Node::changedAt));
    }

    private NodeFacts.Session session(Node node) {
        Optional<String> job = jobs.of(node.ref()).stream().findFirst();
        return new NodeFacts.Session(nodes.isAvailable(node), lost.isUnavailable(node), job.or(node::jobId));
    }
}
