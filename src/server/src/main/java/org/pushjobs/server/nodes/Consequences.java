package org.pushjobs.server.nodes;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.ServerMessage;
import org.pushjobs.server.gateway.AgentPort;
import org.pushjobs.server.nodes.NodeSession.Effect;

/** Carries out what sessions decide. Belongs to the event loop of {@link NodeSessions}. */
final class Consequences {
    private final AgentPort port;
    private final WatchedJobs jobs;
    private final Statements statements;
    private final Set<Node> inRehab = new LinkedHashSet<>();

    Consequences(AgentPort port, WatchedJobs jobs, Statements statements) {
        this.port = Objects.requireNonNull(port, "port");
        this.jobs = Objects.requireNonNull(jobs, "jobs");
        this.statements = Objects.requireNonNull(statements, "statements");
    }

    /** Of what the agent has sent. */
    void carryOut(Node node, List<Effect> effects, AgentMessage cause) {
        for (int i = 0; i < effects.size(); i++) {
            switch (effects.get(i)) {
                case FORWARD -> statements.said(node, cause);
                case DISMISS -> dismiss(node, cause);
                case REPORT_DOING -> {
                    if (cause instanceof AgentMessage.Heartbeat heartbeat && jobs.isWatched(node.ref())) {
                        statements.doing(node, heartbeat);
                    }
                }
                case SEND_ABORT, SEND_ACK, AVAILABILITY_CHANGED, RENUMBER -> carryOut(node, effects.get(i));
            }
        }
    }

    /** Of something else. */
    void carryOut(Node node, List<Effect> effects) {
        effects.forEach(effect -> carryOut(node, effect));
    }

    private void carryOut(Node node, Effect effect) {
        switch (effect) {
            case SEND_ABORT -> port.send(node.recipient(), new ServerMessage.Abort());
            case SEND_ACK -> port.send(node.recipient(), new ServerMessage.Ack());
            case AVAILABILITY_CHANGED -> {
                if (node.session().state() == NodeSession.State.REHAB) {
                    inRehab.add(node);
                } else {
                    inRehab.remove(node);
                }
                statements.availabilityChanged(node);
            }
            case RENUMBER -> statements.renumber(node);
            case FORWARD, DISMISS, REPORT_DOING -> throw new IllegalStateException(effect + " needs a message");
        }
    }

    private void dismiss(Node node, AgentMessage message) {
        String jobId = message.jobId().orElse("");
        port.send(
                node.recipient(),
                message instanceof AgentMessage.OutputChunk chunk
                        ? new ServerMessage.AckOutput(jobId, chunk.channel(), chunk.offset(), false)
                        : new ServerMessage.AckResult(jobId));
    }

    /** To be called each rehab interval. */
    void repeatAborts() {
        for (Node node : List.copyOf(inRehab)) {
            carryOut(node, node.session().rehabTimer());
        }
    }

    /** The node has no session any more. */
    void left(Node node) {
        inRehab.remove(node);
    }
}
