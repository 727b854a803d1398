package org.pushjobs.server.jobs.machine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pushjobs.protocol.message.NackReason;
import org.pushjobs.server.jobs.model.JobStatus;
import org.pushjobs.server.jobs.model.NodeStatus;

/**
 * What the phases of one job share: its state, and the effects of the event that is being dealt with. Whatever changes the
 * state notes the effect too, so that one is never without the other. Part of the pure {@link JobMachine}; not thread-safe.
 */
final class SharedState {
    private final NodeTable nodes;
    private final Doubts doubts = new Doubts();
    private final int quorum;
    private final boolean capture;
    private JobStatus status;
    private boolean aborting;
    private List<JobEffect> effects = new ArrayList<>();

    SharedState(NodeTable nodes, JobStatus status, int quorum, boolean capture) {
        this.nodes = nodes;
        this.status = status;
        this.quorum = quorum;
        this.capture = capture;
    }

    NodeTable nodes() {
        return nodes;
    }

    Doubts doubts() {
        return doubts;
    }

    /** How many nodes must be ready. */
    int quorum() {
        return quorum;
    }

    /** Whether output is kept. */
    boolean capture() {
        return capture;
    }

    JobStatus status() {
        return status;
    }

    /** Whether somebody asked for the end of the job. */
    boolean isAborting() {
        return aborting;
    }

    /** The job ends from now on, because somebody asked for it. */
    void setAborting() {
        aborting = true;
    }

    /** Forgets the effects of earlier events. */
    void beginEvent() {
        effects = new ArrayList<>();
    }

    /** Of the event that is being dealt with, in order. */
    List<JobEffect> effects() {
        return effects;
    }

    void add(JobEffect effect) {
        effects.add(effect);
    }

    void emit(FeedEvent event) {
        add(new JobEffect.Emit(event));
    }

    void setStatus(JobStatus newStatus) {
        status = newStatus;
        add(new JobEffect.SetJobStatus(newStatus));
    }

    void end(JobStatus finalStatus) {
        setStatus(finalStatus);
        emit(new FeedEvent.JobComplete(finalStatus));
        add(new JobEffect.End());
    }

    void set(String node, NodeStatus newStatus) {
        set(node, newStatus, Optional.empty());
    }

    void set(String node, NodeStatus newStatus, String reason) {
        set(node, newStatus, Optional.of(reason));
    }

    void set(String node, NodeStatus newStatus, Optional<String> reason) {
        nodes.set(node, newStatus);
        add(new JobEffect.SetNodeStatus(node, newStatus, reason));
    }

    void rehab(String node) {
        emit(new FeedEvent.Rehab(node));
        add(new JobEffect.Rehabilitate(node));
    }

    void noteRefusal(String node, Optional<NackReason> reason) {
        reason.ifPresent(why -> add(new JobEffect.NoteRefusal(node, why)));
    }

    /** Nothing when there is nobody to send it to. */
    void sendRun(List<String> to) {
        if (!to.isEmpty()) {
            doubts.sentRun(to);
            add(new JobEffect.SendRun(to));
        }
    }

    /** Nothing when there is nobody to send it to. */
    void sendAbort(List<String> to) {
        if (!to.isEmpty()) {
            add(new JobEffect.SendAbort(to));
        }
    }

    /** The server was away: every node that still has a part in the job must say first what it does. */
    void doubtAll() {
        nodes.thatAreLive().forEach(doubts::serverWasAway);
    }

    /** The node has a new connection: it must say first what it does, unless its part has ended. */
    void doubt(String node) {
        if (!nodes.isTerminal(node)) {
            doubts.connectionBroke(node);
        }
    }

    /** A result that its agent keeps until it is acknowledged may come again, and late: that says nothing. */
    boolean isRepeated(JobEvent.Result result) {
        return result.ending().isPresent() && nodes.isTerminal(result.node());
    }
}
