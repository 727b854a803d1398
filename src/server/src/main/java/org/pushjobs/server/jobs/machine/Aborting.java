package org.pushjobs.server.jobs.machine;

import java.util.List;
import org.pushjobs.server.jobs.model.NodeStatus;

/**
 * A running job from the request to abort it to its end: as while {@link Running}, but for what the
 * abort brings about. No node is new or ready. Part of the pure {@link JobMachine}; not thread-safe.
 */
final class Aborting {
    private final SharedState job;
    private final NodeTable nodes;
    private final Abort abort;
    private final Running running;

    Aborting(SharedState job, Abort abort, Running running) {
        this.job = job;
        this.nodes = job.nodes();
        this.abort = abort;
        this.running = running;
    }

    void on(JobEvent event) {
        switch (event) {
            case JobEvent.Resumed _ -> {
                job.doubtAll();
                abort.begin();
            }
            case JobEvent.AbortRequested _ -> {
                // it is on its way
            }
            case JobEvent.AbortTimeout _ -> timeout();
            case JobEvent.RunTimeout _ -> {
                // the grace period ends the job
            }
            case JobEvent.OfNode ofNode when nodes.status(ofNode.node()) == NodeStatus.ABORTED -> afterAborted(ofNode);
            case JobEvent.Aborted(String node)
            when !nodes.isTerminal(node) -> job.set(node, NodeStatus.ABORTED, "the job was aborted");
            case JobEvent.ReportsIdle(String node)
            when !nodes.isTerminal(node) ->
                job.set(node, NodeStatus.ABORTED, "the job was aborted; the node says that it does nothing");
            // the abort was lost, or the server was restarted since
            case JobEvent.ReportsRunning(String node) when !nodes.isTerminal(node) -> job.sendAbort(List.of(node));
            case JobEvent.Started _, JobEvent.VotingTimeout _, JobEvent.OfNode _ -> running.on(event);
        }
    }

    /** What it sends was on its way when the abort was sent, unless its heartbeats say that the abort was lost. */
    private void afterAborted(JobEvent.OfNode event) {
        switch (event) {
            case JobEvent.ReportsCommitted(String node) -> job.sendAbort(List.of(node));
            case JobEvent.ReportsRunning(String node) -> job.sendAbort(List.of(node));
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

    private void timeout() {
        List<String> silent = nodes.thatAre(NodeStatus.RUNNING);
        silent.forEach(node -> job.set(
                node,
                NodeStatus.ABORTED,
                "the job was aborted; the node did not answer in time, its command may still run"));
        job.sendAbort(silent);
    }
}
