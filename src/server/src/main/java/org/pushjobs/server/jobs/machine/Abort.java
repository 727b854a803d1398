package org.pushjobs.server.jobs.machine;

import java.util.ArrayList;
import java.util.List;
import org.pushjobs.server.jobs.model.JobStatus;
import org.pushjobs.server.jobs.model.NodeStatus;

/**
 * How an abort begins, in whatever phase the job is; what comes after that is in {@link Aborting}. Part of the pure
 * {@link JobMachine}; not thread-safe.
 */
final class Abort {
    private final SharedState job;
    private final NodeTable nodes;

    Abort(SharedState job) {
        this.job = job;
        this.nodes = job.nodes();
    }

    /** @param by who asked for it */
    void request(String by) {
        job.setAborting();
        job.add(new JobEffect.NoteAbort(by));
        begin();
    }

    /** Ends the nodes that have not started; those that run have until the end of the grace period. */
    void begin() {
        List<String> waiting = nodes.thatAre(Abort::isWaiting);
        waiting.forEach(
                node -> job.set(node, NodeStatus.ABORTED, "the job was aborted before this node said that it runs"));
        List<String> running = nodes.thatAre(NodeStatus.RUNNING);
        List<String> toldToAbort = new ArrayList<>(waiting);
        toldToAbort.addAll(running);
        job.sendAbort(toldToAbort);
        if (!running.isEmpty()) {
            job.add(new JobEffect.StartAbortTimer());
        } else if (job.status() == JobStatus.VOTING) {
            job.end(JobStatus.ABORTED);
        }
    }

    private static boolean isWaiting(NodeStatus status) {
        return status == NodeStatus.NEW || status == NodeStatus.READY;
    }
}
