package org.pushjobs.server.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.pushjobs.server.jobs.model.JobStatus;
import org.pushjobs.server.jobs.model.NodeStatus;

/** What is counted of jobs. Usable from any thread. */
public final class JobMetrics {
    private static final Duration[] VOTE_BUCKETS = {
        Duration.ofMillis(25),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2_500),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofSeconds(60)
    };
    private static final Duration[] RUN_BUCKETS = {
        Duration.ofMillis(100),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(15),
        Duration.ofSeconds(60),
        Duration.ofMinutes(5),
        Duration.ofMinutes(15),
        Duration.ofHours(1),
        Duration.ofHours(4)
    };

    private final Counter takeOvers;
    private final Counter started;
    private final CountersByLabel<JobStatus> ended;
    private final CountersByLabel<NodeStatus> nodesEnded;
    private final AtomicInteger voting = new AtomicInteger();
    private final AtomicInteger running = new AtomicInteger();
    private final Timer votes;
    private final Timer runs;

    JobMetrics(MeterRegistry registry) {
        takeOvers = Counter.builder("pushjobs.coordinator.takeovers")
                .description("terms that began in this process")
                .register(registry);
        started = Counter.builder("pushjobs.jobs.started")
                .description("jobs that were started")
                .register(registry);
        ended = new CountersByLabel<>(
                registry,
                new CountersByLabel.Names(
                        "pushjobs.jobs.ended", "jobs that have ended, by how", Tags.empty(), "status"),
                JobStatus::label,
                Arrays.stream(JobStatus.values()).filter(JobStatus::isTerminal).toList());
        nodesEnded = new CountersByLabel<>(
                registry,
                new CountersByLabel.Names(
                        "pushjobs.job.nodes.ended",
                        "nodes whose part in a job has ended, by how",
                        Tags.empty(),
                        "status"),
                NodeStatus::label,
                Arrays.stream(NodeStatus.values())
                        .filter(status -> status.isTerminal() && status != NodeStatus.FAULTY)
                        .toList());
        watchLive(registry, JobStatus.VOTING, voting);
        watchLive(registry, JobStatus.RUNNING, running);
        votes = timer(registry, "pushjobs.job.vote.duration", "how long votes take", VOTE_BUCKETS);
        runs = timer(registry, "pushjobs.job.run.duration", "how long jobs run after their vote", RUN_BUCKETS);
    }

    private static void watchLive(MeterRegistry registry, JobStatus status, AtomicInteger count) {
        Gauge.builder("pushjobs.jobs.live", count, AtomicInteger::get)
                .description("jobs that have not ended")
                .tag("status", status.label())
                .strongReference(true)
                .register(registry);
    }

    private static Timer timer(MeterRegistry registry, String name, String description, Duration[] buckets) {
        return Timer.builder(name)
                .description(description)
                .serviceLevelObjectives(buckets)
                .register(registry);
    }

    /** This process has become the coordinator. */
    public void tookOver() {
        takeOvers.increment();
    }

    /** A job is in the database. */
    public void started() {
        started.increment();
    }

    /** A vote was decided. */
    public void voted(Duration time) {
        votes.record(time);
    }

    /** All nodes of a job have ended, or its time is over. */
    public void ran(Duration time) {
        runs.record(time);
    }

    /** @param status terminal; counted as crashed when it is not, which only a job that was given up can have */
    public void ended(JobStatus status) {
        ended.increment(status.isTerminal() ? status : JobStatus.CRASHED);
    }

    /** A node's part in a job has ended, and that is stored. */
    public void nodeEnded(NodeStatus status) {
        nodesEnded.increment(status);
    }

    /** How many jobs there are. */
    public void live(int votingJobs, int runningJobs) {
        voting.set(votingJobs);
        running.set(runningJobs);
    }
}
