package org.pushjobs.server.jobs.machine;

import java.util.List;
import java.util.Map;
import org.pushjobs.server.jobs.model.JobStatus;
import org.pushjobs.server.jobs.model.NodeStatus;

/**
 * The life of one job: takes what happens and says what to do about it (lifecycle.md, both tables; architecture.md for
 * nodes in doubt). No I/O, no clock, no threads: the same events give the same effects. The state is changed in place,
 * because a copy for each event would cost as much as the job has nodes; no event costs more than constant time, except
 * the end of a vote, the time-outs and the abort. Not thread-safe.
 *
 * <p>The rules are with the phases: {@link Voting}, {@link Running}, {@link Aborting}. What they share is {@link SharedState}.
 */
public final class JobMachine {
    private final SharedState job;
    private final Voting voting;
    private final Running running;
    private final Aborting aborting;

    private JobMachine(SharedState job) {
        this.job = job;
        Abort abort = new Abort(job);
        this.voting = new Voting(job, abort);
        this.running = new Running(job, abort);
        this.aborting = new Aborting(job, abort, running);
    }

    /**
     * A job that nothing has happened to; its first event is {@link JobEvent.Started}.
     *
     * @param nodes in the order in which they are asked
     * @param quorum how many must be ready
     * @param capture whether output is kept
     */
    public static JobMachine create(List<String> nodes, int quorum, boolean capture) {
        return new JobMachine(new SharedState(NodeTable.allNew(nodes), JobStatus.NEW, quorum, capture));
    }

    /** A job as it was stored; its first event is {@link JobEvent.Resumed}. */
    public static JobMachine restore(Map<String, NodeStatus> nodes, JobStatus status, int quorum, boolean capture) {
        return new JobMachine(stored(nodes, status, quorum, capture));
    }

    /** A job as it was stored, whose abort was asked for; its first event is {@link JobEvent.Resumed}. */
    public static JobMachine restoreAborting(
            Map<String, NodeStatus> nodes, JobStatus status, int quorum, boolean capture) {
        SharedState job = stored(nodes, status, quorum, capture);
        job.setAborting();
        return new JobMachine(job);
    }

    private static SharedState stored(Map<String, NodeStatus> nodes, JobStatus status, int quorum, boolean capture) {
        if (status.isTerminal()) {
            throw new IllegalArgumentException("a job that has ended is not restored: " + status);
        }
        return new SharedState(new NodeTable(nodes), status, quorum, capture);
    }

    public JobStatus status() {
        return job.status();
    }

    /** Whether the job ends, or has ended, because somebody asked for it. */
    public boolean isAborting() {
        return job.isAborting();
    }

    /** What each node is, in the order of creation; a view. */
    public Map<String, NodeStatus> nodes() {
        return job.nodes().statuses();
    }

    /**
     * @return what to do, in order
     * @throws IllegalArgumentException when the event is of a node that has no part in the job
     */
    public List<JobEffect> on(JobEvent event) {
        job.beginEvent();
        if (event instanceof JobEvent.OfNode ofNode && !job.nodes().has(ofNode.node())) {
            throw new IllegalArgumentException("node " + ofNode.node() + " has no part in the job");
        }
        switch (job.status()) {
            case NEW -> voting.first(event);
            case VOTING -> {
                voting.on(event);
                acknowledge(event);
                voting.endIfAllVoted();
                running.endIfAllDone();
            }
            case RUNNING -> {
                if (job.isAborting()) {
                    aborting.on(event);
                } else {
                    running.on(event);
                }
                acknowledge(event);
                running.endIfAllDone();
            }
            case COMPLETE, QUORUM_FAILED, ABORTED, TIMED_OUT, CRASHED -> {
                // the job has ended: nothing changes it any more
            }
        }
        return job.effects();
    }

    /** Whatever became of a result, its agent must not keep it any longer. */
    private void acknowledge(JobEvent event) {
        if (event instanceof JobEvent.Result result && result.ending().isPresent()) {
            job.add(new JobEffect.AckResult(result.node()));
        }
    }
}
