package org.pushjobs.server.jobs;

import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.pushjobs.config.JobsConfig;
import org.pushjobs.server.jobs.model.JobStatus;
import org.pushjobs.server.jobs.model.StoredJob;
import org.pushjobs.server.store.TermReads;
import org.pushjobs.server.store.TermWrites;
import org.pushjobs.server.time.Schedule;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the live jobs of earlier terms, to be gone on with or crashed, as {@code job_recovery} says. */
final class JobRecovery {
    private static final Logger LOG = LoggerFactory.getLogger(JobRecovery.class);
    /** A resumed run lasts at least as long as nodes may take to come back. */
    private static final int MIN_RESUMED_RUN_INTERVALS = 10;

    /** Much more than it takes with many jobs; meanwhile nobody runs them, and another server may have better luck. */
    private static final long READ_MILLIS = 10_000;

    /** A statement for each hundred jobs. */
    private static final long CRASH_MILLIS = 30_000;

    private final JobsConfig config;
    private final Duration heartbeatInterval;
    private final TermReads reads;
    private final TermWrites writes;
    private final Schedule schedule;
    private final Clock clock;

    JobRecovery(
            JobsConfig config,
            Duration heartbeatInterval,
            TermReads reads,
            TermWrites writes,
            Schedule schedule,
            Clock clock) {
        this.config = Objects.requireNonNull(config, "config");
        this.heartbeatInterval = Objects.requireNonNull(heartbeatInterval, "heartbeatInterval");
        this.reads = Objects.requireNonNull(reads, "reads");
        this.writes = Objects.requireNonNull(writes, "writes");
        this.schedule = Objects.requireNonNull(schedule, "schedule");
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    private record Found(Instant now, List<StoredJob> jobs) {}

    /** The jobs to go on with, the eldest first. */
    Future<List<LiveJob>> liveJobs() {
        return switch (config.recovery()) {
            case CRASH ->
                schedule.within(CRASH_MILLIS, writes.crashLive(clock.instant()))
                        .onSuccess(count -> LOG.info("live jobs of the last run are crashed [jobs: {}]", count))
                        .map(List.of());
            case RESUME -> schedule.within(READ_MILLIS, read());
        };
    }

    private Future<List<LiveJob>> read() {
        return reads.now()
                .compose(now -> reads.live().map(jobs -> new Found(now, jobs)))
                .compose(found -> reads.newestEvents().map(newest -> restore(found, newest)));
    }

    private List<LiveJob> restore(Found found, Map<String, Instant> newestEvents) {
        return found.jobs().stream()
                .map(job -> {
                    LOG.info(
                            "job resumed [job: {}, status: {}, nodes: {}]",
                            job.id(),
                            job.status().label(),
                            job.nodes().size());
                    return LiveJob.restore(
                            job,
                            newestEvents.getOrDefault(job.id(), Instant.EPOCH),
                            remainingRunTime(job, found.now()));
                })
                .toList();
    }

    /**
     * Never more than the whole, also where the clock of the last term's server was ahead.
     *
     * @param now by the database's clock: this server's may be another one than that of the last term
     */
    private Duration remainingRunTime(StoredJob stored, Instant now) {
        Duration whole = Duration.ofSeconds(stored.terms().runTimeoutSeconds());
        if (stored.status() != JobStatus.RUNNING) {
            return whole;
        }
        Duration passed = Duration.between(stored.updatedAt(), now);
        Duration remaining = passed.isNegative() ? whole : whole.minus(passed);
        Duration least = heartbeatInterval.multipliedBy(MIN_RESUMED_RUN_INTERVALS);
        return remaining.compareTo(least) < 0 ? least : remaining;
    }
}
