package org.pushjobs.server.jobs;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.pushjobs.server.jobs.model.JobChanges;
import org.pushjobs.server.jobs.model.JobStatus;
import org.pushjobs.server.jobs.model.NodeStatus;
import org.pushjobs.server.metrics.JobMetrics;

/**
 * Measures the votes and runs of live jobs; of a resumed job only what comes after the resume. Belongs to the coordinator's
 * event loop.
 */
final class JobMeter {
    private final JobMetrics metrics;
    private final Map<String, Long> voting = new HashMap<>();
    private final Map<String, Long> running = new HashMap<>();

    JobMeter(JobMetrics metrics) {
        this.metrics = Objects.requireNonNull(metrics, "metrics");
    }

    /** The job is in the database. */
    void started() {
        metrics.started();
    }

    /** Something that happened in a job is in the database. */
    void stored(JobChanges changes) {
        changes.nodes().values().stream()
                .map(JobChanges.NodeChange::status)
                .filter(NodeStatus::isTerminal)
                .forEach(metrics::nodeEnded);
    }

    void votes(String jobId) {
        voting.put(jobId, System.nanoTime());
        metrics.live(voting.size(), running.size());
    }

    void runs(String jobId) {
        leave(jobId);
        running.put(jobId, System.nanoTime());
        metrics.live(voting.size(), running.size());
    }

    void ended(String jobId, JobStatus status) {
        leave(jobId);
        metrics.live(voting.size(), running.size());
        metrics.ended(status);
    }

    /** The live jobs are another's to count. */
    void close() {
        metrics.live(0, 0);
    }

    private void leave(String jobId) {
        Long voteBegan = voting.remove(jobId);
        if (voteBegan != null) {
            metrics.voted(since(voteBegan));
        }
        Long runBegan = running.remove(jobId);
        if (runBegan != null) {
            metrics.ran(since(runBegan));
        }
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }
}
