package org.pushjobs.server.nodes;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.JobState;
import org.pushjobs.server.gateway.Route;

/**
 * What the server knows of one running agent process, and what it does about what that process sends (lifecycle.md, "Node
 * session"). No I/O, no clock, no threads. Not thread-safe.
 */
final class NodeSession {
    /** Idle heartbeats in a row after which a job is told that the node does nothing: the first may have crossed a commit. */
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
        /** For all that is known here the job may be live and the node take part in it. */
        UNKNOWN,
        /** The job is not live, or the node has no part in it. */
        FOREIGN
    }

    /** What to do. */
    enum Effect {
        SEND_ABORT,
        SEND_ACK,
        /** Tell the job that the message names what the agent sent; no heartbeat. */
        FORWARD,
        /** Tell the agent that nobody waits for what it sent. */
        DISMISS,
        /** Tell the jobs that the node takes part in what its heartbeats say, see {@link #heartbeats}. */
        REPORT_DOING,
        AVAILABILITY_CHANGED,
        /** Messages may be lost: the session gets another number, before any {@link #FORWARD}. */
        RENUMBER
    }

    private static final List<Effect> NOTHING = List.of();
    private static final List<Effect> REPORT = List.of(Effect.REPORT_DOING);

    private final String incarnationId;
    private Route route;
    private State state;
    private JobState doing = JobState.IDLE;
    private Optional<String> doingFor = Optional.empty();
    private int heartbeats;

    /** Whether it is in rehab, if it is, for no other reason than that it is not known what it does. */
    private boolean stranger;
    /** Whether it has another connection over which it has said nothing. */
    private boolean unheard;

    private NodeSession(String incarnationId, Route route, State state, boolean stranger) {
        this.incarnationId = incarnationId;
        this.route = route;
        this.state = state;
        this.stranger = stranger;
    }

    /**
     * A session for an agent that was not known; to be followed by {@link #on(AgentMessage, Route, JobRelation)} with the
     * same message.
     *
     * @param wanted whether the node takes part in a live job, or may do so: then it may be at work and is not aborted, unless it
     *     says that its work is done and would not hear of the next
     */
    static NodeSession start(AgentMessage first, Route route, boolean wanted, List<Effect> effects) {
        boolean available = wanted && !isLateResult(first);
        effects.add(available ? Effect.SEND_ACK : Effect.SEND_ABORT);
        effects.add(Effect.AVAILABILITY_CHANGED);
        return new NodeSession(first.envelope().incarnationId(), route, available ? State.IDLE : State.REHAB, !wanted);
    }

    /** An agent of 2.0 that begins with a result has not listened while it worked, and does not yet (wire-protocol.md, 3). */
    private static boolean isLateResult(AgentMessage first) {
        return first instanceof AgentMessage.Result result && result.ending().isEmpty();
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

    /** How many heartbeats in a row have said what the last one said; 0 when something else happened since. */
    int heartbeats() {
        return heartbeats;
    }

    /** What the agent does is to be told anew, as its heartbeats say it. */
    void countAnew() {
        heartbeats = 0;
    }

    /** A valid message of the same incarnation. */
    List<Effect> on(AgentMessage message, Route from, JobRelation relation) {
        if (!from.isNewerThan(route)) {
            unheard = false;
            return on(message, relation);
        }
        List<Effect> effects = new ArrayList<>(4);
        effects.add(Effect.SEND_ACK);
        effects.addAll(moveTo(from));
        unheard = false;
        effects.addAll(on(message, relation));
        return effects;
    }

    private List<Effect> on(AgentMessage message, JobRelation relation) {
        if (!(message instanceof AgentMessage.Heartbeat)) {
            countAnew();
        }
        return switch (message) {
            case AgentMessage.Heartbeat heartbeat -> heartbeat(heartbeat, relation);
            case AgentMessage.Aborted _ -> aborted(relation);
            case AgentMessage.AckCommit _, AgentMessage.AckRun _ -> ofJob(relation);
            case AgentMessage.NackCommit _, AgentMessage.NackRun _ -> refusal(relation);
            case AgentMessage.Result result -> result(result.ending().isPresent(), relation);
            case AgentMessage.TimingOut _ -> ofJob(relation);
            case AgentMessage.OutputChunk _ -> dismissible(relation);
            case AgentMessage.Goodbye _ -> throw new IllegalArgumentException("a goodbye ends the session");
        };
    }

    /** The agent has another connection. */
    List<Effect> moveTo(Route otherRoute) {
        route = otherRoute;
        unheard = true;
        // why it was to be aborted is long ago; whoever wants that still asks for it again when it says what it does
        stranger = true;
        return missed();
    }

    /** Something that was sent by the agent, or to it, did not arrive or was not taken: heartbeats tell what is so. */
    List<Effect> missed() {
        countAnew();
        return List.of(Effect.RENUMBER);
    }

    private static boolean mayTakePart(JobRelation relation) {
        return switch (relation) {
            case TAKES_PART, UNKNOWN -> true;
            case NONE, FOREIGN -> false;
        };
    }

    private List<Effect> ofJob(JobRelation relation) {
        return mayTakePart(relation) ? List.of(Effect.FORWARD) : rehabilitate();
    }

    /** What an agent refuses it does not do: nothing of it is to be aborted, and another job of it may be at work. */
    private static List<Effect> refusal(JobRelation relation) {
        return mayTakePart(relation) ? List.of(Effect.FORWARD) : NOTHING;
    }

    private List<Effect> result(boolean kept, JobRelation relation) {
        return kept ? dismissible(relation) : ofJob(relation);
    }

    /** What an agent keeps until it is answered may come when the job has ended: that is no reason to abort anything. */
    private static List<Effect> dismissible(JobRelation relation) {
        return List.of(mayTakePart(relation) ? Effect.FORWARD : Effect.DISMISS);
    }

    private List<Effect> heartbeat(AgentMessage.Heartbeat heartbeat, JobRelation relation) {
        if (state == State.REHAB) {
            boolean hasJob = relation == JobRelation.TAKES_PART && heartbeat.jobState() != JobState.IDLE;
            return stranger && hasJob ? welcome(heartbeat) : NOTHING;
        }
        return switch (relation) {
            case FOREIGN -> rehabilitate();
            case NONE, TAKES_PART, UNKNOWN ->
                switch (heartbeat.jobState()) {
                    case IDLE -> says(JobState.IDLE, Optional.empty());
                    case COMMITTED, RUNNING -> {
                        if (heartbeat.jobId().isPresent()) {
                            yield says(heartbeat.jobState(), heartbeat.jobId());
                        }
                        countAnew();
                        yield NOTHING;
                    }
                };
        };
    }

    /** It has got a job over another gateway before it heard of its abort, and must not hear of that any more. */
    private List<Effect> welcome(AgentMessage.Heartbeat heartbeat) {
        state = State.IDLE;
        stranger = false;
        List<Effect> effects = new ArrayList<>(List.of(Effect.SEND_ACK, Effect.AVAILABILITY_CHANGED));
        effects.addAll(says(heartbeat.jobState(), heartbeat.jobId()));
        return effects;
    }

    /** Told at the first heartbeat, and at each whose number is a power of two. */
    private List<Effect> says(JobState said, Optional<String> jobId) {
        if (said != doing || !jobId.equals(doingFor)) {
            doing = said;
            doingFor = jobId;
            countAnew();
        }
        heartbeats++;
        int first = said == JobState.IDLE ? IDLE_HEARTBEATS_TO_REPORT : 1;
        return heartbeats >= first && Integer.bitCount(heartbeats) == 1 ? REPORT : NOTHING;
    }

    private List<Effect> aborted(JobRelation relation) {
        List<Effect> effects = new ArrayList<>(2);
        stranger = false;
        if (state == State.REHAB) {
            state = State.IDLE;
            effects.add(Effect.AVAILABILITY_CHANGED);
        }
        if (mayTakePart(relation)) {
            effects.add(Effect.FORWARD);
        }
        return effects;
    }

    /** A job or this session wants the agent to drop what it does. */
    List<Effect> rehabilitate() {
        stranger = false;
        if (state == State.REHAB) {
            return List.of();
        }
        state = State.REHAB;
        return List.of(Effect.SEND_ABORT, Effect.AVAILABILITY_CHANGED);
    }

    /** Time to repeat the abort; not to a stranger who has come back and may have got a job meanwhile. */
    List<Effect> rehabTimer() {
        return state == State.REHAB && !(stranger && unheard) ? List.of(Effect.SEND_ABORT) : List.of();
    }
}
