package org.pushjobs.server.nodes;

import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.JobState;
import org.pushjobs.protocol.message.NackReason;
import org.pushjobs.server.facts.Departure;
import org.pushjobs.server.facts.Fact;
import org.pushjobs.server.facts.FactOutbox;
import org.pushjobs.server.facts.Order;
import org.pushjobs.server.time.Schedule;

/**
 * Puts what happens to nodes into facts. How a node stands is stated once when several things of it change at a time, and before
 * anything else is. Belongs to the event loop of {@link NodeSessions}.
 */
final class Statements {
    private final FactOutbox outbox;
    private final Nodes nodes;
    private final Clock clock;
    private final Schedule schedule;
    /** How they stand now was not stated. */
    private final Set<Node> changed = new LinkedHashSet<>();

    private long lastSession;

    Statements(FactOutbox outbox, Nodes nodes, Clock clock, Schedule schedule) {
        this.outbox = Objects.requireNonNull(outbox, "outbox");
        this.nodes = Objects.requireNonNull(nodes, "nodes");
        this.clock = Objects.requireNonNull(clock, "clock");
        this.schedule = Objects.requireNonNull(schedule, "schedule");
    }

    /** A number that no session has had. */
    long nextSession() {
        return ++lastSession;
    }

    /** The node shows that it is there, and what was said to it, or by it, may be lost. */
    void renumber(Node node) {
        node.renumber(nextSession(), schedule.nowMillis());
        changed(node);
    }

    /** It can take part in a job now, or cannot any more; or why it cannot has changed. */
    void availabilityChanged(Node node) {
        node.changed(clock.instant());
        nodes.count(node);
        changed(node);
    }

    /** Something that {@link Fact.Attached} says has changed. */
    void changed(Node node) {
        if (changed.isEmpty()) {
            schedule.soon(this::settle);
        }
        changed.add(node);
    }

    private void settle() {
        if (!changed.isEmpty()) {
            List<Node> toState = List.copyOf(changed);
            changed.clear();
            toState.forEach(node -> outbox.state(attached(node)));
        }
    }

    private Fact.Attached attached(Node node) {
        return new Fact.Attached(
                node.ref(),
                node.number(),
                node.incarnationId(),
                nodes.standing(node),
                node.capabilities(),
                node.changedAt(),
                schedule.nowMillis() - node.lastHeardMillis());
    }

    /** How all nodes that have a session stand; what they do is told anew from now on. */
    List<Fact.Attached> all() {
        changed.clear();
        List<Fact.Attached> all = new ArrayList<>(nodes.all().size());
        for (Node node : nodes.all()) {
            node.session().countAnew();
            all.add(attached(node));
        }
        return all;
    }

    /** A node that has no session is here all the same. */
    void attached(Fact.Attached quiet) {
        state(quiet);
    }

    /** @param reason for people */
    void detached(NodeRef ref, long session, String reason, Departure how) {
        state(new Fact.Detached(ref, session, reason, Optional.of(how)));
    }

    /** What the node's heartbeats say. */
    void doing(Node node, AgentMessage.Heartbeat heartbeat) {
        Optional<String> jobId = heartbeat.jobState() == JobState.IDLE ? Optional.empty() : heartbeat.jobId();
        state(new Fact.Doing(
                node.ref(),
                node.number(),
                heartbeat.jobState(),
                jobId,
                node.session().heartbeats()));
    }

    /** A message about a job that is no heartbeat. */
    void said(Node node, AgentMessage message) {
        if (message instanceof AgentMessage.OutputChunk chunk) {
            state(new Fact.Wrote(node.ref(), node.number(), chunk));
        } else {
            settle();
            outbox.said(node.ref(), node.number(), message);
        }
    }

    void undelivered(Order.Addressee to, String jobId, Optional<NackReason> refusal) {
        state(new Fact.Undelivered(to.node(), to.session(), jobId, refusal));
    }

    private void state(Fact fact) {
        settle();
        outbox.state(fact);
    }
}
