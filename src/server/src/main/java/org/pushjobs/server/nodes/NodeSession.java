package org.pushjobs.server.nodes;

import java.util.ArrayList;
import java.util.List;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.JobState;
import org.pushjobs.server.gateway.Route;

/**
 * What the server knows of one running agent process, and what it does about what that process sends (lifecycle.md, "Node
 * session"). No I/O, no clock, no threads. Not thread-safe.
 */
final class NodeSession {
    /** Idle heartbeats in a row after which a job is told that the node does nothing. */
    static final int IDLE_HEARTBEATS_TO_REPORT = 2;

    /** Whether the node can take part in a job. */
    enum State {
        /** Aborts are sent until the agent answers {@code aborted}. */
        REHAB,
        /** Available. */
        IDLE
    }

    /** How the job that a message names stands to this server. */
    enum JobRelation {
        /** The message names no job. */
        NONE,
        /** The job is live and the node takes part in it. */
        TAKES_PART,
        /** The job is not live, not known, or the node has no part in it. */
        FOREIGN
    }

    /** What to do. */
    enum Effect {
        SEND_ABORT,
        SEND_ACK,
        /** Tell the job that the message names what the agent sent. */
        FORWARD,
        /** Tell the agent that nobody waits for what it sent. */
        DISMISS,
        /** Tell the jobs that the node takes part in that it does nothing. */
        REPORT_IDLE,
        AVAILABILITY_CHANGED,
        /** Tell the jobs that the node takes part in that messages may be lost; before any {@link #FORWARD}. */
        REPORT_DOUBT
    }

    private final String incarnationId;
    private Route route;
    private State state;
    private int idleHeartbeats;

    private NodeSession(String incarnationId, Route route, State state) {
        this.incarnationId = incarnationId;
        this.route = route;
        this.state = state;
    }

    /**
     * A session for an agent that was not known; to be followed by {@link #on(AgentMessage, Route, JobRelation)} with the
     * same message.
     *
     * @param wanted whether a live job waits for this node: then it may be at work and is not aborted, unless it says
     *     that its work is done and would not hear of the next
     */
    static NodeSession start(AgentMessage first, Route route, boolean wanted, List<Effect> effects) {
        boolean available = wanted && !isLateResult(first);
        effects.add(available ? Effect.SEND_ACK : Effect.SEND_ABORT);
        effects.add(Effect.AVAILABILITY_CHANGED);
        if (wanted) {
            effects.add(Effect.REPORT_DOUBT);
        }
        return new NodeSession(first.envelope().incarnationId(), route, available ? State.IDLE : State.REHAB);
    }

    /** An agent of 2.0 that begins with a result has not listened while it worked, and does not yet (wire-protocol.md, 3). */
    private static boolean isLateResult(AgentMessage first) {
        return switch (first) {
            case AgentMessage.Succeeded result -> result.ending().isEmpty();
            case AgentMessage.Failed result -> result.ending().isEmpty();
            case AgentMessage.Heartbeat _,
                    AgentMessage.AckCommit _,
                    AgentMessage.NackCommit _,
                    AgentMessage.AckRun _,
                    AgentMessage.NackRun _,
                    AgentMessage.TimingOut _,
                    AgentMessage.OutputChunk _,
                    AgentMessage.Aborted _,
                    AgentMessage.Goodbye _ -> false;
        };
    }

    boolean isOf(AgentMessage message) {
        return message.envelope().incarnationId().equals(incarnationId);
    }

    Route route() {
        return route;
    }

    State state() {
        return state;
    }

    /** A valid message of the same incarnation. */
    List<Effect> on(AgentMessage message, Route from, JobRelation relation) {
        List<Effect> effects = new ArrayList<>(2);
        if (from.isNewerThan(route)) {
            effects.add(Effect.SEND_ACK);
            effects.addAll(moveTo(from));
        }
        switch (message) {
            case AgentMessage.Heartbeat heartbeat -> heartbeat(heartbeat, relation, effects);
            case AgentMessage.Aborted _ -> aborted(relation, effects);
            case AgentMessage.AckCommit _, AgentMessage.NackCommit _, AgentMessage.AckRun _, AgentMessage.NackRun _ ->
                ofJob(relation, effects);
            case AgentMessage.Succeeded result -> result(result.ending().isPresent(), relation, effects);
            case AgentMessage.Failed result -> result(result.ending().isPresent(), relation, effects);
            case AgentMessage.TimingOut _ -> ofJob(relation, effects);
            case AgentMessage.OutputChunk _ -> dismissible(relation, effects);
            case AgentMessage.Goodbye _ -> throw new IllegalArgumentException("a goodbye ends the session");
        }
        return effects;
    }

    /** The agent has another connection. */
    List<Effect> moveTo(Route otherRoute) {
        route = otherRoute;
        return missed();
    }

    /** Something that was sent to the agent, or by it, did not arrive or was not taken: heartbeats tell what is so. */
    List<Effect> missed() {
        idleHeartbeats = 0;
        return List.of(Effect.REPORT_DOUBT);
    }

    private void ofJob(JobRelation relation, List<Effect> effects) {
        idleHeartbeats = 0;
        if (relation == JobRelation.TAKES_PART) {
            effects.add(Effect.FORWARD);
        } else {
            effects.addAll(rehabilitate());
        }
    }

    private void result(boolean kept, JobRelation relation, List<Effect> effects) {
        if (kept) {
            dismissible(relation, effects);
        } else {
            ofJob(relation, effects);
        }
    }

    /** What an agent keeps until it is answered may come when the job has ended: that is no reason to abort anything. */
    private void dismissible(JobRelation relation, List<Effect> effects) {
        idleHeartbeats = 0;
        effects.add(relation == JobRelation.TAKES_PART ? Effect.FORWARD : Effect.DISMISS);
    }

    private void heartbeat(AgentMessage.Heartbeat heartbeat, JobRelation relation, List<Effect> effects) {
        if (state == State.REHAB) {
            return;
        }
        switch (relation) {
            case FOREIGN -> effects.addAll(rehabilitate());
            case NONE, TAKES_PART -> {
                if (heartbeat.jobState() == JobState.IDLE) {
                    idle(effects);
                } else {
                    idleHeartbeats = 0;
                    if (relation == JobRelation.TAKES_PART) {
                        effects.add(Effect.FORWARD);
                    }
                }
            }
        }
    }

    private void idle(List<Effect> effects) {
        idleHeartbeats++;
        if (idleHeartbeats == IDLE_HEARTBEATS_TO_REPORT) {
            effects.add(Effect.REPORT_IDLE);
        }
    }

    private void aborted(JobRelation relation, List<Effect> effects) {
        idleHeartbeats = 0;
        if (state == State.REHAB) {
            state = State.IDLE;
            effects.add(Effect.AVAILABILITY_CHANGED);
        }
        if (relation == JobRelation.TAKES_PART) {
            effects.add(Effect.FORWARD);
        }
    }

    /** A job or this session wants the agent to drop what it does. */
    List<Effect> rehabilitate() {
        if (state == State.REHAB) {
            return List.of();
        }
        state = State.REHAB;
        return List.of(Effect.SEND_ABORT, Effect.AVAILABILITY_CHANGED);
    }

    /** Time to repeat the abort. */
    List<Effect> rehabTimer() {
        return state == State.REHAB ? List.of(Effect.SEND_ABORT) : List.of();
    }
}
