package org.pushjobs.server.nodes;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.pushjobs.protocol.message.ServerMessage;
import org.pushjobs.server.facts.Order;
import org.pushjobs.server.gateway.AgentPort;
import org.pushjobs.server.gateway.Recipient;

/** Sends to agents what the term wants them to get. Belongs to the event loop of {@link NodeSessions}. */
final class Commands {
    private final int usualBytes;
    private final AgentPort port;
    private final Nodes nodes;
    private final WatchedJobs jobs;
    private final Consequences consequences;
    private final Statements statements;

    /** @param usualBytes of the largest message that every agent takes */
    Commands(
            int usualBytes,
            AgentPort port,
            Nodes nodes,
            WatchedJobs jobs,
            Consequences consequences,
            Statements statements) {
        this.usualBytes = usualBytes;
        this.port = Objects.requireNonNull(port, "port");
        this.nodes = Objects.requireNonNull(nodes, "nodes");
        this.jobs = Objects.requireNonNull(jobs, "jobs");
        this.consequences = Objects.requireNonNull(consequences, "consequences");
        this.statements = Objects.requireNonNull(statements, "statements");
    }

    /** See {@link Order.Send}. */
    void send(List<Order.Addressee> addressees, ServerMessage message) {
        List<Recipient> plain = new ArrayList<>(addressees.size());
        List<Recipient> extended = new ArrayList<>(addressees.size());
        Optional<CommitSize> size = CommitSize.of(message);
        for (Order.Addressee to : addressees) {
            Optional<Node> found = nodes.find(to.node());
            Optional<TooLarge> tooLarge = found.filter(node -> node.number() == to.session())
                    .flatMap(node ->
                            size.flatMap(known -> known.refusedBy(to.node().node(), node.capabilities(), usualBytes)));
            Optional<Node> taking =
                    found.filter(node -> tooLarge.isEmpty()).filter(node -> takes(node, to.session(), message));
            taking.ifPresentOrElse(
                    node -> (node.isExtended() ? extended : plain).add(node.recipient()),
                    () -> undelivered(to, message, tooLarge));
        }
        port.send(extended, message);
        port.send(plain, withoutExtensions(message));
    }

    /** A node whose time is wrong takes no new job, and goes on with the one that it has. */
    private boolean takes(Node node, long session, ServerMessage message) {
        return switch (message) {
            case ServerMessage.Commit _ -> node.number() == session && nodes.isAvailable(node);
            case ServerMessage.Run _ ->
                node.number() == session && node.session().state() == NodeSession.State.IDLE;
            case ServerMessage.Abort _, ServerMessage.Ack _, ServerMessage.AckResult _, ServerMessage.AckOutput _ ->
                true;
        };
    }

    /** A job that has asked the node before wants to hear again what it does. */
    private void undelivered(Order.Addressee to, ServerMessage message, Optional<TooLarge> tooLarge) {
        Optional<String> jobId = switch (message) {
            case ServerMessage.Commit commit -> Optional.of(commit.jobId());
            case ServerMessage.Run run -> Optional.of(run.jobId());
            case ServerMessage.Abort _, ServerMessage.Ack _, ServerMessage.AckResult _, ServerMessage.AckOutput _ ->
                Optional.empty();
        };
        jobId.ifPresent(id -> {
            nodes.find(to.node()).ifPresent(node -> node.session().countAnew());
            statements.undelivered(to, id, tooLarge.map(TooLarge::reason));
        });
    }

    static ServerMessage withoutExtensions(ServerMessage message) {
        return message instanceof ServerMessage.Commit commit
                ? new ServerMessage.Commit(commit.jobId(), commit.server(), commit.spec())
                : message;
    }

    /** See {@link Order.Rehabilitate}. */
    void rehabilitate(Order.Addressee addressee) {
        nodes.find(addressee.node())
                .filter(node -> !worksForAnotherJob(node))
                .ifPresent(node -> consequences.carryOut(node, node.session().rehabilitate()));
    }

    /** A job that found the node unavailable for its wrong time must not end what another job has it do. */
    private boolean worksForAnotherJob(Node node) {
        return node.isOfWrongTime() && jobs.of(node.ref()).size() > 1;
    }
}
