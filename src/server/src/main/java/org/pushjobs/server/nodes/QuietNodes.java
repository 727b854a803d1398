package org.pushjobs.server.nodes;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.server.facts.Capabilities;
import org.pushjobs.server.facts.Departure;
import org.pushjobs.server.facts.Fact;
import org.pushjobs.server.facts.Standing;
import org.pushjobs.server.gateway.AgentPort;
import org.pushjobs.server.time.Schedule;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Nodes of live jobs that have no session, but a connection of their agent is open: it may be deaf until its command ends
 * (wire-protocol.md, "CURVE and ZAP", rule 2). Belongs to the event loop of {@link NodeSessions}.
 */
final class QuietNodes {
    private static final Logger LOG = LoggerFactory.getLogger(QuietNodes.class);

    private final AgentPort port;
    private final WatchedJobs jobs;
    private final Predicate<NodeRef> mayBeQuiet;
    private final Statements statements;
    private final Clock clock;
    private final Schedule schedule;
    private final Map<NodeRef, Quiet> quiet = new LinkedHashMap<>();
    private boolean checkSoon;

    /** @param heardMillis when it was last heard, or its connection was first seen */
    private record Quiet(
            long session,
            String incarnation,
            Standing standing,
            Capabilities capabilities,
            Instant changedAt,
            long heardMillis) {}

    /** @param mayBeQuiet whether a node of a live job is one of these when a connection of it is open */
    QuietNodes(
            AgentPort port,
            WatchedJobs jobs,
            Predicate<NodeRef> mayBeQuiet,
            Statements statements,
            Clock clock,
            Schedule schedule) {
        this.port = Objects.requireNonNull(port, "port");
        this.jobs = Objects.requireNonNull(jobs, "jobs");
        this.mayBeQuiet = Objects.requireNonNull(mayBeQuiet, "mayBeQuiet");
        this.statements = Objects.requireNonNull(statements, "statements");
        this.clock = Objects.requireNonNull(clock, "clock");
        this.schedule = Objects.requireNonNull(schedule, "schedule");
    }

    /** These have just lost their session, because they are silent. */
    void areSilent(Map<Node, String> reasons) {
        if (reasons.isEmpty()) {
            return;
        }
        boolean ofJobs = reasons.keySet().stream().anyMatch(this::mayBeAtWork);
        Set<NodeRef> connected = ofJobs ? port.connectedNodes() : Set.of();
        reasons.forEach((node, reason) -> {
            if (mayBeAtWork(node) && connected.contains(node.ref())) {
                LOG.info(
                        "a node of a job is silent, but its connection is open: its command may go on"
                                + " [org: {}, node: {}]",
                        node.orgName(),
                        node.ref().node());
                add(
                        node.ref(),
                        new Quiet(
                                node.number(),
                                node.incarnationId(),
                                Standing.HELD,
                                node.capabilities(),
                                clock.instant(),
                                node.lastHeardMillis()));
            } else {
                statements.detached(node.ref(), node.number(), reason, Departure.SILENT);
            }
        });
    }

    private boolean mayBeAtWork(Node node) {
        return jobs.isWatched(node.ref()) || !jobs.areKnown() && node.jobId().isPresent();
    }

    private void add(NodeRef ref, Quiet node) {
        quiet.put(ref, node);
        statements.attached(attached(ref, node));
    }

    /** Whether the node was one of these; it is not any more, because it has spoken. */
    boolean speaks(NodeRef ref) {
        return quiet.remove(ref) != null;
    }

    boolean has(NodeRef ref) {
        return quiet.containsKey(ref);
    }

    /** The node is gone, if it was one of these. */
    void left(NodeRef ref, String reason, Departure how) {
        Quiet node = quiet.remove(ref);
        if (node != null) {
            statements.detached(ref, node.session(), reason, how);
        }
    }

    /** Other jobs are live. */
    void jobsChanged() {
        checkSoon = true;
    }

    /** To be called several times a second. */
    void checkIfJobsChanged() {
        if (checkSoon) {
            check();
        }
    }

    /** To be called each heartbeat interval; costs as much as there are connections when a node of a job is not heard. */
    void check() {
        checkSoon = false;
        if (jobs.areKnown()) {
            leave(ref -> !jobs.isWatched(ref) || !mayBeQuiet.test(ref), "it is not waited for any more");
        }
        List<NodeRef> missing = jobs.nodes().stream()
                .filter(mayBeQuiet)
                .filter(ref -> !quiet.containsKey(ref))
                .toList();
        if (missing.isEmpty() && quiet.isEmpty()) {
            return;
        }
        Set<NodeRef> connected = port.connectedNodes();
        leave(ref -> !connected.contains(ref), "its connection ended");
        for (NodeRef ref : missing) {
            if (connected.contains(ref)) {
                add(
                        ref,
                        new Quiet(
                                statements.nextSession(),
                                "",
                                Standing.CONNECTED,
                                Capabilities.PLAIN,
                                clock.instant(),
                                schedule.nowMillis()));
            }
        }
    }

    private void leave(Predicate<NodeRef> which, String reason) {
        Set<NodeRef> leaving = new LinkedHashSet<>(quiet.keySet());
        leaving.removeIf(which.negate());
        leaving.forEach(ref -> left(ref, reason, Departure.SILENT));
    }

    /** How all of them stand. */
    List<Fact.Attached> all() {
        List<Fact.Attached> all = new ArrayList<>(quiet.size());
        quiet.forEach((ref, node) -> all.add(attached(ref, node)));
        return all;
    }

    private Fact.Attached attached(NodeRef ref, Quiet node) {
        return new Fact.Attached(
                ref,
                node.session(),
                node.incarnation(),
                node.standing(),
                node.capabilities(),
                node.changedAt(),
                schedule.nowMillis() - node.heardMillis());
    }
}
