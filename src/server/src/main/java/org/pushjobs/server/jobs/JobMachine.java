package org.pushjobs.server.jobs;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.pushjobs.protocol.message.Ending;
import org.pushjobs.protocol.message.NackReason;
import org.pushjobs.server.jobs.FeedEvent.RunResult;
import org.pushjobs.server.jobs.FeedEvent.Vote;
import org.pushjobs.server.jobs.model.JobStatus;
import org.pushjobs.server.jobs.model.NodeStatus;

/**
 * The life of one job: takes what happens and says what to do about it (lifecycle.md, both tables; architecture.md for
 * nodes in doubt). No I/O, no clock, no threads: the same events give the same effects. The state is changed in place,
 * because a copy for each event would cost as much as the job has nodes; no event costs more than constant time, except
 * the end of a vote, the time-outs and the abort. Not thread-safe.
 *
 * <p>It is over 300 lines long because the tables are kept in one place, a method for each row.
 */
public final class JobMachine {
    /** The columns of the tables. A voting job has no running node and a running job no new one. */
    private enum Part {
        NEW,
        READY,
        RUNNING,
        ENDED
    }

    private final Map<String, NodeStatus> nodes;
    private final int quorum;
    private final boolean capture;
    private final Map<NodeStatus, Integer> counts = new EnumMap<>(NodeStatus.class);
    private final Doubts doubts = new Doubts();

    private JobStatus status;
    /** Whether somebody asked for the end of the job. */
    private boolean aborting;

    private List<JobEffect> effects = new ArrayList<>();

    private JobMachine(Map<String, NodeStatus> nodes, JobStatus status, int quorum, boolean capture) {
        this.nodes = nodes;
        this.status = status;
        this.quorum = quorum;
        this.capture = capture;
        nodes.values().forEach(nodeStatus -> counts.merge(nodeStatus, 1, Integer::sum));
    }

    /**
     * A job that nothing has happened to; its first event is {@link JobEvent.Started}.
     *
     * @param nodes in the order in which they are asked
     * @param quorum how many must be ready
     * @param capture whether output is kept
     */
    public static JobMachine create(List<String> nodes, int quorum, boolean capture) {
        Map<String, NodeStatus> fresh = new LinkedHashMap<>();
        nodes.forEach(node -> fresh.put(node, NodeStatus.NEW));
        return new JobMachine(fresh, JobStatus.NEW, quorum, capture);
    }

    /** A job as it was stored; its first event is {@link JobEvent.Resumed}. */
    public static JobMachine restore(Map<String, NodeStatus> nodes, JobStatus status, int quorum, boolean capture) {
        if (status.isTerminal()) {
            throw new IllegalArgumentException("a job that has ended is not restored: " + status);
        }
        return new JobMachine(new LinkedHashMap<>(nodes), status, quorum, capture);
    }

    /** A job as it was stored, whose abort was asked for; its first event is {@link JobEvent.Resumed}. */
    public static JobMachine restoreAborting(
            Map<String, NodeStatus> nodes, JobStatus status, int quorum, boolean capture) {
        JobMachine machine = restore(nodes, status, quorum, capture);
        machine.aborting = true;
        return machine;
    }

    public JobStatus status() {
        return status;
    }

    /** Whether the job ends, or has ended, because somebody asked for it. */
    public boolean isAborting() {
        return aborting;
    }

    /** What each node is, in the order of creation; a view. */
    public Map<String, NodeStatus> nodes() {
        return Collections.unmodifiableMap(nodes);
    }

    /**
     * @return what to do, in order
     * @throws IllegalArgumentException when the event is of a node that has no part in the job
     */
    public List<JobEffect> on(JobEvent event) {
        effects = new ArrayList<>();
        if (event instanceof JobEvent.OfNode ofNode && !nodes.containsKey(ofNode.node())) {
            throw new IllegalArgumentException("node " + ofNode.node() + " has no part in the job");
        }
        switch (status) {
            case NEW -> whileNew(event);
            case VOTING -> {
                whileVoting(event);
                acknowledge(event);
                endVoteIfAllVoted();
            }
            case RUNNING -> {
                if (aborting) {
                    whileAborting(event);
                } else {
                    whileRunning(event);
                }
                acknowledge(event);
                completeIfAllDone();
            }
            case COMPLETE, QUORUM_FAILED, ABORTED, TIMED_OUT, CRASHED -> {
                // the job has ended: nothing changes it any more
            }
        }
        return effects;
    }

    /** Whatever became of a result, its agent must not keep it any longer. */
    private void acknowledge(JobEvent event) {
        if (event instanceof JobEvent.Result result && result.ending().isPresent()) {
            effects.add(new JobEffect.AckResult(result.node()));
        }
    }

    private void whileNew(JobEvent event) {
        switch (event) {
            case JobEvent.Started _ -> {
                startVoting();
                effects.add(new JobEffect.SendCommit(List.copyOf(nodes.keySet())));
                effects.add(new JobEffect.StartVotingTimer());
            }
            case JobEvent.Resumed _ -> {
                startVoting();
                resumeVoting();
            }
            case JobEvent.VotingTimeout _,
                    JobEvent.RunTimeout _,
                    JobEvent.AbortRequested _,
                    JobEvent.AbortTimeout _,
                    JobEvent.OfNode _ ->
                throw new IllegalStateException("the first event of a job is its start, not " + event);
        }
    }

    private void startVoting() {
        emit(new FeedEvent.Start());
        setStatus(JobStatus.VOTING);
    }

    // ---- while voting

    private void whileVoting(JobEvent event) {
        switch (event) {
            case JobEvent.Started _ -> throw new IllegalStateException("the job has started already");
            case JobEvent.Resumed _ -> resumeVoting();
            case JobEvent.VotingTimeout _ -> votingTimeout();
            case JobEvent.RunTimeout _, JobEvent.AbortTimeout _ -> {
                // a left-over timer
            }
            case JobEvent.AbortRequested(String by) -> requestAbort(by);
            case JobEvent.AckCommit(String node) -> ackCommit(node);
            case JobEvent.NackCommit(String node, Optional<NackReason> reason) -> nackCommit(node, reason);
            case JobEvent.Down(String node) -> downWhileVoting(node, "it was down");
            case JobEvent.Unreachable(String node) -> downWhileVoting(node, "its agent could not be reached any more");
            case JobEvent.InDoubt(String node) -> doubt(node);
            case JobEvent.ReportsCommitted(String node) -> reportsCommittedWhileVoting(node);
            case JobEvent.ReportsIdle(String node) -> reportsIdleWhileVoting(node);
            case JobEvent.Aborted(String node) -> {
                if (!isTerminal(node)) {
                    unavailableAndRehab(node, "it answered aborted during the vote");
                }
            }
            case JobEvent.ReportsRunning(String node) -> unexpectedWhileVoting(node);
            case JobEvent.AckRun(String node) -> unexpectedWhileVoting(node);
            case JobEvent.NackRun nack -> unexpectedWhileVoting(nack.node());
            case JobEvent.Result result -> {
                if (!isRepeated(result)) {
                    unexpectedWhileVoting(result.node());
                }
            }
            case JobEvent.TimingOut(String node) -> unexpectedWhileVoting(node);
        }
    }

    private void resumeVoting() {
        doubtAll();
        if (aborting) {
            abort();
            return;
        }
        effects.add(new JobEffect.StartVotingTimer());
    }

    /** Every node that still has a part in a resumed job must say first what it does. */
    private void doubtAll() {
        nodesThatAre(nodeStatus -> !nodeStatus.isTerminal()).forEach(doubts::serverWasAway);
    }

    private void doubt(String node) {
        if (!isTerminal(node)) {
            doubts.connectionBroke(node);
        }
    }

    private void ackCommit(String node) {
        doubts.dispel(node);
        switch (part(node)) {
            case NEW -> {
                set(node, NodeStatus.READY);
                vote(node, Vote.SUCCESS);
            }
            case READY -> {
                if (!doubts.ever(node)) {
                    vote(node, Vote.UNEXPECTED_COMMIT);
                }
            }
            case RUNNING, ENDED -> {
                rehab(node);
                vote(node, Vote.CLIENT_DIED_WHILE_VOTING);
            }
        }
    }

    private void nackCommit(String node, Optional<NackReason> reason) {
        switch (part(node)) {
            case NEW -> {
                if (doubts.mayBeSecondAnswer(node)) {
                    doubts.refusedAgain(node, reason);
                } else {
                    nacked(node, reason);
                }
            }
            case READY -> {
                if (!doubts.ever(node)) {
                    unavailableAndRehab(node, "it took its vote back");
                    vote(node, Vote.LOST_AVAILIBILITY);
                }
            }
            case RUNNING, ENDED -> {
                rehab(node);
                vote(node, Vote.CLIENT_DIED_WHILE_VOTING);
            }
        }
    }

    private void nacked(String node, Optional<NackReason> reason) {
        doubts.dispel(node);
        set(node, NodeStatus.NACKED, reason.map(NackReason::text));
        noteRefusal(node, reason);
        vote(node, Vote.FAILURE);
    }

    private void downWhileVoting(String node, String reason) {
        if (!isTerminal(node)) {
            vote(node, Vote.DOWN);
            unavailableAndRehab(node, reason);
        }
    }

    private void unexpectedWhileVoting(String node) {
        if (isTerminal(node)) {
            rehab(node);
        } else {
            unavailableAndRehab(node, "it sent something else than a vote");
        }
    }

    private void reportsCommittedWhileVoting(String node) {
        boolean inDoubt = doubts.isInDoubt(node);
        doubts.dispel(node);
        switch (part(node)) {
            case NEW -> {
                // the vote may be lost; else it is still to come
                if (inDoubt) {
                    ackCommit(node);
                }
            }
            case READY -> {
                // as expected
            }
            case RUNNING, ENDED -> rehab(node);
        }
    }

    private void reportsIdleWhileVoting(String node) {
        switch (part(node)) {
            case NEW -> {
                Optional<Doubts.Refusal> refusal = doubts.refusal(node);
                if (refusal.isPresent()) {
                    nacked(node, refusal.get().reason());
                } else if (doubts.isInDoubt(node)) {
                    doubts.askedAgain(node);
                    effects.add(new JobEffect.SendCommit(List.of(node)));
                }
            }
            case READY -> unavailableAndRehab(node, "it forgot its vote");
            case RUNNING, ENDED -> {
                // it has nothing to do with the job any more
            }
        }
    }

    private void votingTimeout() {
        List<String> silent = nodesThatAre(NodeStatus.NEW::equals);
        for (String node : silent) {
            vote(node, Vote.VOTING_TIMEOUT);
            set(node, NodeStatus.UNAVAILABLE, "it did not vote in time");
        }
        if (!silent.isEmpty()) {
            effects.add(new JobEffect.SendAbort(silent));
        }
    }

    private void endVoteIfAllVoted() {
        if (status != JobStatus.VOTING || count(NodeStatus.NEW) > 0) {
            return;
        }
        if (count(NodeStatus.READY) >= quorum) {
            emit(new FeedEvent.QuorumSucceeded());
            setStatus(JobStatus.RUNNING);
            List<String> certain = nodesThatAre(NodeStatus.READY::equals);
            certain.removeIf(doubts::isInDoubt);
            if (!certain.isEmpty()) {
                sendRun(certain);
            }
            effects.add(new JobEffect.StartRunTimer());
            completeIfAllDone();
        } else {
            List<String> ready = nodesThatAre(NodeStatus.READY::equals);
            ready.forEach(node -> set(node, NodeStatus.WAS_READY));
            if (!ready.isEmpty()) {
                effects.add(new JobEffect.SendAbort(ready));
            }
            end(JobStatus.QUORUM_FAILED);
        }
    }

    private void sendRun(List<String> certain) {
        doubts.sentRun(certain);
        effects.add(new JobEffect.SendRun(certain));
    }

    // ---- while running

    private void whileRunning(JobEvent event) {
        switch (event) {
            case JobEvent.Started _ -> throw new IllegalStateException("the job has started already");
            case JobEvent.Resumed _ -> resumeRunning();
            case JobEvent.VotingTimeout _, JobEvent.AbortTimeout _ -> {
                // a left-over timer
            }
            case JobEvent.AbortRequested(String by) -> requestAbort(by);
            case JobEvent.RunTimeout _ -> runTimeout();
            case JobEvent.AckRun(String node) -> ackRun(node);
            case JobEvent.NackRun(String node, Optional<NackReason> reason) -> {
                // of two that were sent one is refused: heartbeats tell what is so
                if (!doubts.mayHaveTwoRuns(node)) {
                    nackRun(node, reason);
                }
            }
            case JobEvent.Succeeded succeeded -> result(succeeded, NodeStatus.SUCCEEDED, RunResult.SUCCESS);
            case JobEvent.Failed failed -> result(failed, statusOf(failed), RunResult.FAILURE);
            case JobEvent.TimingOut(String node) -> {
                if (nodes.get(node) == NodeStatus.RUNNING) {
                    set(node, NodeStatus.RUNNING, "its run time is over, the agent is ending the command");
                }
            }
            case JobEvent.Down(String node) -> {
                if (!isTerminal(node)) {
                    crashedAndRehab(node, "it went down");
                }
            }
            case JobEvent.Unreachable _ -> {
                // its command may go on
            }
            case JobEvent.InDoubt(String node) -> doubt(node);
            case JobEvent.Aborted(String node) -> {
                if (!isTerminal(node)) {
                    crashedAndRehab(node, "it answered aborted during the run");
                }
            }
            case JobEvent.ReportsCommitted(String node) -> reportsCommittedWhileRunning(node);
            case JobEvent.ReportsRunning(String node) -> reportsRunning(node);
            case JobEvent.ReportsIdle(String node) -> {
                if (!isTerminal(node)) {
                    crashedAndRehab(node, doubts.whyResultIsLost(node));
                }
            }
            case JobEvent.AckCommit(String node) -> voteWhileRunning(node);
            case JobEvent.NackCommit nack -> voteWhileRunning(nack.node());
        }
    }

    private void resumeRunning() {
        doubts.sentRun(nodesThatAre(NodeStatus.READY::equals));
        doubtAll();
        effects.add(new JobEffect.StartRunTimer());
    }

    private void ackRun(String node) {
        doubts.dispel(node);
        switch (part(node)) {
            case READY -> startedRunning(node);
            case RUNNING -> {
                // it said so before
            }
            case NEW, ENDED -> {
                runComplete(node, RunResult.CLIENT_DIED_WHILE_RUNNING);
                rehab(node);
            }
        }
    }

    private void nackRun(String node, Optional<NackReason> reason) {
        switch (part(node)) {
            case READY -> {
                set(
                        node,
                        NodeStatus.FAILED,
                        "it refused to run"
                                + reason.map(why -> ": " + why.text()).orElse(""));
                noteRefusal(node, reason);
                rehab(node);
                runComplete(node, RunResult.RUN_NACKED);
            }
            case RUNNING -> {
                set(node, NodeStatus.FAILED, "it refused to run after it had started");
                noteRefusal(node, reason);
                rehab(node);
                runComplete(node, RunResult.RUN_NACKED_WHILE_RUNNING);
            }
            case NEW, ENDED -> diedWhileRunning(node);
        }
    }

    private static NodeStatus statusOf(JobEvent.Failed failed) {
        return failed.ending().filter(Ending::timedOut).isPresent() ? NodeStatus.TIMED_OUT : NodeStatus.FAILED;
    }

    private void result(JobEvent.Result result, NodeStatus outcome, RunResult label) {
        String node = result.node();
        switch (part(node)) {
            case READY -> {
                if (doubts.ever(node)) {
                    startedRunning(node);
                    finished(result, outcome, label);
                } else {
                    crashedAndRehab(node, "it sent a result without having started");
                }
            }
            case RUNNING -> finished(result, outcome, label);
            case NEW, ENDED -> {
                if (!isRepeated(result)) {
                    diedWhileRunning(node);
                }
            }
        }
    }

    /** A result that its agent keeps until it is acknowledged may come again, and late: that says nothing. */
    private boolean isRepeated(JobEvent.Result result) {
        return result.ending().isPresent() && isTerminal(result.node());
    }

    private void finished(JobEvent.Result result, NodeStatus outcome, RunResult label) {
        String node = result.node();
        if (outcome == NodeStatus.TIMED_OUT) {
            set(node, outcome, "its run time was over, the agent ended the command");
        } else {
            set(node, outcome);
        }
        result.ending().ifPresent(ending -> effects.add(new JobEffect.NoteEnding(node, ending)));
        boolean streamed = result.ending().flatMap(Ending::output).isPresent();
        if (capture && !streamed) {
            effects.add(result.output()
                    .<JobEffect>map(text -> new JobEffect.KeepOutput(node, text))
                    .orElseGet(() -> new JobEffect.MissOutput(node)));
        }
        runComplete(node, label);
    }

    private void noteRefusal(String node, Optional<NackReason> reason) {
        reason.ifPresent(why -> effects.add(new JobEffect.NoteRefusal(node, why)));
    }

    private void reportsCommittedWhileRunning(String node) {
        switch (part(node)) {
            case READY -> {
                if (doubts.isToldToRun(node)) {
                    sendRun(List.of(node));
                }
            }
            case RUNNING -> {
                // written before it started: agents send heartbeats and answers from different threads
            }
            case NEW, ENDED -> rehab(node);
        }
    }

    private void reportsRunning(String node) {
        doubts.dispel(node);
        switch (part(node)) {
            case READY -> startedRunning(node);
            case RUNNING -> {
                // as expected
            }
            case NEW, ENDED -> rehab(node);
        }
    }

    private void startedRunning(String node) {
        set(node, NodeStatus.RUNNING);
        emit(new FeedEvent.RunStart(node));
    }

    private void voteWhileRunning(String node) {
        if (isTerminal(node)) {
            diedWhileRunning(node);
        } else if (!doubts.ever(node)) {
            crashedAndRehab(node, "it voted during the run");
        }
    }

    private void diedWhileRunning(String node) {
        rehab(node);
        runComplete(node, RunResult.CLIENT_DIED_WHILE_RUNNING);
    }

    private void crashedAndRehab(String node, String reason) {
        set(node, NodeStatus.CRASHED, reason);
        rehab(node);
        runComplete(node, RunResult.CRASHED);
    }

    private void runTimeout() {
        List<String> late = nodesThatAre(nodeStatus -> !nodeStatus.isTerminal());
        late.forEach(node -> set(node, NodeStatus.TIMED_OUT, "it did not end in time"));
        if (!late.isEmpty()) {
            effects.add(new JobEffect.SendAbort(late));
        }
        end(JobStatus.TIMED_OUT);
    }

    private void completeIfAllDone() {
        if (status == JobStatus.RUNNING && count(NodeStatus.READY) == 0 && count(NodeStatus.RUNNING) == 0) {
            end(aborting ? JobStatus.ABORTED : JobStatus.COMPLETE);
        }
    }

    // ---- from the request to abort to the end

    private void requestAbort(String by) {
        aborting = true;
        effects.add(new JobEffect.NoteAbort(by));
        abort();
    }

    /** Ends the nodes that have not started; those that run have until the end of the grace period. */
    private void abort() {
        List<String> waiting = nodesThatAre(JobMachine::isWaiting);
        waiting.forEach(
                node -> set(node, NodeStatus.ABORTED, "the job was aborted before this node said that it runs"));
        List<String> running = nodesThatAre(NodeStatus.RUNNING::equals);
        List<String> toldToAbort = new ArrayList<>(waiting);
        toldToAbort.addAll(running);
        if (!toldToAbort.isEmpty()) {
            effects.add(new JobEffect.SendAbort(toldToAbort));
        }
        if (!running.isEmpty()) {
            effects.add(new JobEffect.StartAbortTimer());
        } else if (status == JobStatus.VOTING) {
            end(JobStatus.ABORTED);
        }
    }

    private static boolean isWaiting(NodeStatus nodeStatus) {
        return nodeStatus == NodeStatus.NEW || nodeStatus == NodeStatus.READY;
    }

    /** As while running, but for what the abort brings about. No node is new or ready. */
    private void whileAborting(JobEvent event) {
        switch (event) {
            case JobEvent.Resumed _ -> {
                doubtAll();
                abort();
            }
            case JobEvent.AbortRequested _ -> {
                // it is on its way
            }
            case JobEvent.AbortTimeout _ -> abortTimeout();
            case JobEvent.RunTimeout _ -> {
                // the grace period ends the job
            }
            case JobEvent.OfNode ofNode when nodes.get(ofNode.node()) == NodeStatus.ABORTED -> afterAborted(ofNode);
            case JobEvent.Aborted(String node)
            when !isTerminal(node) -> set(node, NodeStatus.ABORTED, "the job was aborted");
            case JobEvent.ReportsIdle(String node)
            when !isTerminal(node) ->
                set(node, NodeStatus.ABORTED, "the job was aborted; the node says that it does nothing");
            // the abort was lost, or the server was restarted since
            case JobEvent.ReportsRunning(String node)
            when !isTerminal(node) -> effects.add(new JobEffect.SendAbort(List.of(node)));
            case JobEvent.Started _, JobEvent.VotingTimeout _, JobEvent.OfNode _ -> whileRunning(event);
        }
    }

    /** What it sends was on its way when the abort was sent, unless its heartbeats say that the abort was lost. */
    private void afterAborted(JobEvent.OfNode event) {
        switch (event) {
            case JobEvent.ReportsCommitted(String node) -> effects.add(new JobEffect.SendAbort(List.of(node)));
            case JobEvent.ReportsRunning(String node) -> effects.add(new JobEffect.SendAbort(List.of(node)));
            case JobEvent.AckCommit _,
                    JobEvent.NackCommit _,
                    JobEvent.AckRun _,
                    JobEvent.NackRun _,
                    JobEvent.Succeeded _,
                    JobEvent.Failed _,
                    JobEvent.TimingOut _,
                    JobEvent.Aborted _,
                    JobEvent.Down _,
                    JobEvent.Unreachable _,
                    JobEvent.InDoubt _,
                    JobEvent.ReportsIdle _ -> {
                // its part has ended
            }
        }
    }

    private void abortTimeout() {
        List<String> silent = nodesThatAre(NodeStatus.RUNNING::equals);
        silent.forEach(node -> set(
                node,
                NodeStatus.ABORTED,
                "the job was aborted; the node did not answer in time, its command may still run"));
        if (!silent.isEmpty()) {
            effects.add(new JobEffect.SendAbort(silent));
        }
    }

    // ---- both

    private void unavailableAndRehab(String node, String reason) {
        set(node, NodeStatus.UNAVAILABLE, reason);
        rehab(node);
    }

    private void end(JobStatus finalStatus) {
        setStatus(finalStatus);
        emit(new FeedEvent.JobComplete(finalStatus));
        effects.add(new JobEffect.End());
    }

    private void setStatus(JobStatus newStatus) {
        status = newStatus;
        effects.add(new JobEffect.SetJobStatus(newStatus));
    }

    private void set(String node, NodeStatus newStatus) {
        set(node, newStatus, Optional.empty());
    }

    private void set(String node, NodeStatus newStatus, String reason) {
        set(node, newStatus, Optional.of(reason));
    }

    private void set(String node, NodeStatus newStatus, Optional<String> reason) {
        NodeStatus old = nodes.get(node);
        if (old.isTerminal()) {
            throw new IllegalStateException("node " + node + " has ended as " + old + ", not " + newStatus);
        }
        nodes.put(node, newStatus);
        counts.merge(old, -1, Integer::sum);
        counts.merge(newStatus, 1, Integer::sum);
        effects.add(new JobEffect.SetNodeStatus(node, newStatus, reason));
    }

    private void vote(String node, Vote vote) {
        emit(new FeedEvent.QuorumVote(node, vote));
    }

    private void runComplete(String node, RunResult result) {
        emit(new FeedEvent.RunComplete(node, result));
    }

    private void rehab(String node) {
        emit(new FeedEvent.Rehab(node));
        effects.add(new JobEffect.Rehabilitate(node));
    }

    private void emit(FeedEvent event) {
        effects.add(new JobEffect.Emit(event));
    }

    private Part part(String node) {
        return switch (nodes.get(node)) {
            case NEW -> Part.NEW;
            case READY -> Part.READY;
            case RUNNING -> Part.RUNNING;
            case SUCCEEDED, FAILED, ABORTED, UNAVAILABLE, NACKED, FAULTY, WAS_READY, CRASHED, TIMED_OUT -> Part.ENDED;
        };
    }

    private boolean isTerminal(String node) {
        return nodes.get(node).isTerminal();
    }

    private int count(NodeStatus nodeStatus) {
        return counts.getOrDefault(nodeStatus, 0);
    }

    private List<String> nodesThatAre(Predicate<NodeStatus> wanted) {
        List<String> found = new ArrayList<>();
        nodes.forEach((node, nodeStatus) -> {
            if (wanted.test(nodeStatus)) {
                found.add(node);
            }
        });
        return found;
    }
}
