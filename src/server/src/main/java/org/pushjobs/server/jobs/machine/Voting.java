package org.pushjobs.server.jobs.machine;

import java.util.List;
import java.util.Optional;
import org.pushjobs.protocol.message.NackReason;
import org.pushjobs.server.jobs.machine.FeedEvent.Vote;
import org.pushjobs.server.jobs.model.JobStatus;
import org.pushjobs.server.jobs.model.NodeStatus;

/**
 * A job from its start to the end of the vote (lifecycle.md, "While voting"): a method for each row of the table that needs
 * one. Part of the pure {@link JobMachine}; not thread-safe.
 */
final class Voting {
    private final SharedState job;
    private final NodeTable nodes;
    private final Doubts doubts;
    private final Abort abort;

    Voting(SharedState job, Abort abort) {
        this.job = job;
        this.nodes = job.nodes();
        this.doubts = job.doubts();
        this.abort = abort;
    }

    /** The first event of a job that is new. */
    void first(JobEvent event) {
        switch (event) {
            case JobEvent.Started _ -> {
                start();
                job.add(new JobEffect.SendCommit(nodes.names()));
                job.add(new JobEffect.StartVotingTimer());
            }
            case JobEvent.Resumed _ -> {
                start();
                resume();
            }
            case JobEvent.VotingTimeout _,
                    JobEvent.RunTimeout _,
                    JobEvent.AbortRequested _,
                    JobEvent.AbortTimeout _,
                    JobEvent.OfNode _ ->
                throw new IllegalStateException("the first event of a job is its start, not " + event);
        }
    }

    private void start() {
        job.emit(new FeedEvent.Start());
        job.setStatus(JobStatus.VOTING);
    }

    void on(JobEvent event) {
        switch (event) {
            case JobEvent.Started _ -> throw new IllegalStateException("the job has started already");
            case JobEvent.Resumed _ -> resume();
            case JobEvent.VotingTimeout _ -> timeout();
            case JobEvent.RunTimeout _, JobEvent.AbortTimeout _ -> {
                // a left-over timer
            }
            case JobEvent.AbortRequested(String by) -> abort.request(by);
            case JobEvent.AckCommit(String node) -> ackCommit(node);
            case JobEvent.NackCommit(String node, Optional<NackReason> reason) -> nackCommit(node, reason);
            case JobEvent.Down(String node, String reason) -> down(node, reason);
            case JobEvent.Unreachable(String node) -> down(node, "its agent could not be reached any more");
            case JobEvent.InDoubt(String node) -> job.doubt(node);
            case JobEvent.ReportsCommitted(String node) -> reportsCommitted(node);
            case JobEvent.ReportsIdle(String node) -> reportsIdle(node);
            case JobEvent.Aborted(String node) -> {
                if (!nodes.isTerminal(node)) {
                    unavailableAndRehab(node, "it answered aborted during the vote");
                }
            }
            case JobEvent.ReportsRunning(String node) -> unexpected(node);
            case JobEvent.AckRun(String node) -> unexpected(node);
            case JobEvent.NackRun nack -> unexpected(nack.node());
            case JobEvent.Result result -> {
                if (!job.isRepeated(result)) {
                    unexpected(result.node());
                }
            }
            case JobEvent.TimingOut(String node) -> unexpected(node);
        }
    }

    private void resume() {
        job.doubtAll();
        if (job.isAborting()) {
            abort.begin();
            return;
        }
        job.add(new JobEffect.StartVotingTimer());
    }

    private void ackCommit(String node) {
        doubts.dispel(node);
        switch (nodes.part(node)) {
            case NEW -> {
                job.set(node, NodeStatus.READY);
                vote(node, Vote.SUCCESS);
            }
            case READY -> {
                if (!doubts.ever(node)) {
                    vote(node, Vote.UNEXPECTED_COMMIT);
                }
            }
            case RUNNING, ENDED -> diedWhileVoting(node);
        }
    }

    private void nackCommit(String node, Optional<NackReason> reason) {
        switch (nodes.part(node)) {
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
            case RUNNING, ENDED -> diedWhileVoting(node);
        }
    }

    private void nacked(String node, Optional<NackReason> reason) {
        doubts.dispel(node);
        job.set(node, NodeStatus.NACKED, reason.map(NackReason::text));
        job.noteRefusal(node, reason);
        vote(node, Vote.FAILURE);
    }

    private void diedWhileVoting(String node) {
        job.rehab(node);
        vote(node, Vote.CLIENT_DIED_WHILE_VOTING);
    }

    private void down(String node, String reason) {
        if (!nodes.isTerminal(node)) {
            vote(node, Vote.DOWN);
            unavailableAndRehab(node, reason);
        }
    }

    private void unexpected(String node) {
        if (nodes.isTerminal(node)) {
            job.rehab(node);
        } else {
            unavailableAndRehab(node, "it sent something else than a vote");
        }
    }

    private void reportsCommitted(String node) {
        boolean inDoubt = doubts.isInDoubt(node);
        doubts.dispel(node);
        switch (nodes.part(node)) {
            case NEW -> {
                // the vote may be lost; else it is still to come
                if (inDoubt) {
                    ackCommit(node);
                }
            }
            case READY -> {
                // as expected
            }
            case RUNNING, ENDED -> job.rehab(node);
        }
    }

    private void reportsIdle(String node) {
        switch (nodes.part(node)) {
            case NEW -> {
                Optional<Doubts.Refusal> refusal = doubts.refusal(node);
                if (refusal.isPresent()) {
                    nacked(node, refusal.get().reason());
                } else if (doubts.isInDoubt(node)) {
                    doubts.askedAgain(node);
                    job.add(new JobEffect.SendCommit(List.of(node)));
                }
            }
            case READY -> unavailableAndRehab(node, "it forgot its vote");
            case RUNNING, ENDED -> {
                // it has nothing to do with the job any more
            }
        }
    }

    private void timeout() {
        List<String> silent = nodes.thatAre(NodeStatus.NEW);
        for (String node : silent) {
            vote(node, Vote.VOTING_TIMEOUT);
            job.set(node, NodeStatus.UNAVAILABLE, "it did not vote in time");
        }
        job.sendAbort(silent);
    }

    /** After each event: where no node is new any more the job runs, or has failed. */
    void endIfAllVoted() {
        if (job.status() != JobStatus.VOTING || nodes.count(NodeStatus.NEW) > 0) {
            return;
        }
        List<String> ready = nodes.thatAre(NodeStatus.READY);
        if (ready.size() >= job.quorum()) {
            job.emit(new FeedEvent.QuorumSucceeded());
            job.setStatus(JobStatus.RUNNING);
            job.sendRun(ready.stream().filter(node -> !doubts.isInDoubt(node)).toList());
            job.add(new JobEffect.StartRunTimer());
        } else {
            ready.forEach(node -> job.set(node, NodeStatus.WAS_READY));
            job.sendAbort(ready);
            job.end(JobStatus.QUORUM_FAILED);
        }
    }

    private void unavailableAndRehab(String node, String reason) {
        job.set(node, NodeStatus.UNAVAILABLE, reason);
        job.rehab(node);
    }

    private void vote(String node, Vote vote) {
        job.emit(new FeedEvent.QuorumVote(node, vote));
    }
}
