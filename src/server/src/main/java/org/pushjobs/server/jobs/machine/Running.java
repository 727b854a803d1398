package org.pushjobs.server.jobs.machine;

import java.util.List;
import java.util.Optional;
import org.pushjobs.protocol.message.Ending;
import org.pushjobs.protocol.message.NackReason;
import org.pushjobs.server.jobs.machine.FeedEvent.RunResult;
import org.pushjobs.server.jobs.model.JobStatus;
import org.pushjobs.server.jobs.model.NodeStatus;

/**
 * A job from the quorum to its end (lifecycle.md, "While running"): a method for each row of the table that needs one. Part
 * of the pure {@link JobMachine}; not thread-safe.
 */
final class Running {
    private final SharedState job;
    private final NodeTable nodes;
    private final Doubts doubts;
    private final Abort abort;

    Running(SharedState job, Abort abort) {
        this.job = job;
        this.nodes = job.nodes();
        this.doubts = job.doubts();
        this.abort = abort;
    }

    void on(JobEvent event) {
        switch (event) {
            case JobEvent.Started _ -> throw new IllegalStateException("the job has started already");
            case JobEvent.Resumed _ -> resume();
            case JobEvent.VotingTimeout _, JobEvent.AbortTimeout _ -> {
                // a left-over timer
            }
            case JobEvent.AbortRequested(String by) -> abort.request(by);
            case JobEvent.RunTimeout _ -> timeout();
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
                if (nodes.status(node) == NodeStatus.RUNNING) {
                    job.set(node, NodeStatus.RUNNING, "its run time is over, the agent is ending the command");
                }
            }
            case JobEvent.Down down -> {
                if (!nodes.isTerminal(down.node())) {
                    crashedAndRehab(down.node(), "it went down");
                }
            }
            case JobEvent.Unreachable _ -> {
                // its command may go on
            }
            case JobEvent.InDoubt(String node) -> job.doubt(node);
            case JobEvent.Aborted(String node) -> {
                if (!nodes.isTerminal(node)) {
                    crashedAndRehab(node, "it answered aborted during the run");
                }
            }
            case JobEvent.ReportsCommitted(String node) -> reportsCommitted(node);
            case JobEvent.ReportsRunning(String node) -> reportsRunning(node);
            case JobEvent.ReportsIdle(String node) -> {
                if (!nodes.isTerminal(node)) {
                    crashedAndRehab(node, doubts.whyResultIsLost(node));
                }
            }
            case JobEvent.AckCommit(String node) -> vote(node);
            case JobEvent.NackCommit nack -> vote(nack.node());
        }
    }

    private void resume() {
        doubts.sentRun(nodes.thatAre(NodeStatus.READY));
        job.doubtAll();
        job.add(new JobEffect.StartRunTimer());
    }

    private void ackRun(String node) {
        doubts.dispel(node);
        switch (nodes.part(node)) {
            case READY -> started(node);
            case RUNNING -> {
                // it said so before
            }
            case NEW, ENDED -> {
                complete(node, RunResult.CLIENT_DIED_WHILE_RUNNING);
                job.rehab(node);
            }
        }
    }

    private void nackRun(String node, Optional<NackReason> reason) {
        switch (nodes.part(node)) {
            case READY -> {
                String why = reason.map(given -> ": " + given.text()).orElse("");
                refused(node, "it refused to run" + why, reason, RunResult.RUN_NACKED);
            }
            case RUNNING ->
                refused(node, "it refused to run after it had started", reason, RunResult.RUN_NACKED_WHILE_RUNNING);
            case NEW, ENDED -> diedWhileRunning(node);
        }
    }

    private void refused(String node, String text, Optional<NackReason> reason, RunResult label) {
        job.set(node, NodeStatus.FAILED, text);
        job.noteRefusal(node, reason);
        job.rehab(node);
        complete(node, label);
    }

    private static NodeStatus statusOf(JobEvent.Failed failed) {
        return failed.ending().filter(Ending::timedOut).isPresent() ? NodeStatus.TIMED_OUT : NodeStatus.FAILED;
    }

    private void result(JobEvent.Result result, NodeStatus outcome, RunResult label) {
        String node = result.node();
        switch (nodes.part(node)) {
            case READY -> {
                if (doubts.ever(node)) {
                    started(node);
                    finished(result, outcome, label);
                } else {
                    crashedAndRehab(node, "it sent a result without having started");
                }
            }
            case RUNNING -> finished(result, outcome, label);
            case NEW, ENDED -> {
                if (!job.isRepeated(result)) {
                    diedWhileRunning(node);
                }
            }
        }
    }

    private void finished(JobEvent.Result result, NodeStatus outcome, RunResult label) {
        String node = result.node();
        if (outcome == NodeStatus.TIMED_OUT) {
            job.set(node, outcome, "its run time was over, the agent ended the command");
        } else {
            job.set(node, outcome);
        }
        result.ending().ifPresent(ending -> job.add(new JobEffect.NoteEnding(node, ending)));
        boolean streamed = result.ending().flatMap(Ending::output).isPresent();
        if (job.capture() && !streamed) {
            job.add(result.output()
                    .<JobEffect>map(text -> new JobEffect.KeepOutput(node, text))
                    .orElseGet(() -> new JobEffect.MissOutput(node)));
        }
        complete(node, label);
    }

    private void reportsCommitted(String node) {
        switch (nodes.part(node)) {
            case READY -> {
                if (doubts.isToldToRun(node)) {
                    job.sendRun(List.of(node));
                }
            }
            case RUNNING -> {
                // written before it started: agents send heartbeats and answers from different threads
            }
            case NEW, ENDED -> job.rehab(node);
        }
    }

    private void reportsRunning(String node) {
        doubts.dispel(node);
        switch (nodes.part(node)) {
            case READY -> started(node);
            case RUNNING -> {
                // as expected
            }
            case NEW, ENDED -> job.rehab(node);
        }
    }

    private void started(String node) {
        job.set(node, NodeStatus.RUNNING);
        job.emit(new FeedEvent.RunStart(node));
    }

    private void vote(String node) {
        if (nodes.isTerminal(node)) {
            diedWhileRunning(node);
        } else if (!doubts.ever(node)) {
            crashedAndRehab(node, "it voted during the run");
        }
    }

    private void diedWhileRunning(String node) {
        job.rehab(node);
        complete(node, RunResult.CLIENT_DIED_WHILE_RUNNING);
    }

    private void crashedAndRehab(String node, String reason) {
        job.set(node, NodeStatus.CRASHED, reason);
        job.rehab(node);
        complete(node, RunResult.CRASHED);
    }

    private void complete(String node, RunResult result) {
        job.emit(new FeedEvent.RunComplete(node, result));
    }

    private void timeout() {
        List<String> late = nodes.thatAreLive();
        late.forEach(node -> job.set(node, NodeStatus.TIMED_OUT, "it did not end in time"));
        job.sendAbort(late);
        job.end(JobStatus.TIMED_OUT);
    }

    /** After each event: where no node is ready or running any more the job has ended. */
    void endIfAllDone() {
        if (job.status() == JobStatus.RUNNING
                && nodes.count(NodeStatus.READY) == 0
                && nodes.count(NodeStatus.RUNNING) == 0) {
            job.end(job.isAborting() ? JobStatus.ABORTED : JobStatus.COMPLETE);
        }
    }
}
