package org.pushjobs.server.jobs;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.pushjobs.server.store.TermReads;
import org.pushjobs.server.time.Schedule;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes jobs that ended long ago, with their events and outputs. Nothing goes before the database has been ours for as long:
 * the original server kept its jobs for ever, and whoever upgrades has the time to choose. It does so soon after the start and then every
 * {@value #INTERVAL_MINUTES} minutes, a few jobs at a time with pauses in between. A batch grows while batches are quick and
 * shrinks while they are slow, since a job may have one node or many thousands. Belongs to the event loop of its schedule.
 */
final class JobRetention {
    private static final Logger LOG = LoggerFactory.getLogger(JobRetention.class);
    private static final long INTERVAL_MINUTES = 10;
    private static final Duration FIRST_DELAY = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final Duration QUICK = Duration.ofMillis(200);
    private static final Duration SLOW = Duration.ofSeconds(1);
    private static final long DELETE_TIMEOUT_MILLIS = 60_000;
    private static final int FIRST_BATCH = 10;
    private static final int LARGEST_BATCH = 500;

    private final Schedule schedule;
    private final TermReads reads;
    private final Deletion deletion;
    private final Duration keep;
    private int batch = FIRST_BATCH;

    /** Deletes a batch of jobs. */
    @FunctionalInterface
    interface Deletion {
        /**
         * @param endedBefore only jobs that ended before
         * @param limit how many at most
         * @return how many
         */
        Future<Integer> deleteEnded(Instant endedBefore, int limit);
    }

    /** @param keep how long a job stays after its end; zero keeps it for ever */
    JobRetention(Schedule schedule, TermReads reads, Deletion deletion, Duration keep) {
        this.schedule = Objects.requireNonNull(schedule, "schedule");
        this.reads = Objects.requireNonNull(reads, "reads");
        this.deletion = Objects.requireNonNull(deletion, "deletion");
        this.keep = Objects.requireNonNull(keep, "keep");
    }

    /** The timers end with the schedule. */
    void start() {
        if (!keep.isZero()) {
            sweepAfter(FIRST_DELAY);
        }
    }

    private void sweepAfter(Duration delay) {
        schedule.after(
                delay.toMillis(),
                () -> sweep().onSuccess(deleted -> {
                            if (deleted > 0) {
                                LOG.info("old jobs deleted [jobs: {}, kept for: {} days]", deleted, keep.toDays());
                            }
                        })
                        .onFailure(failure -> LOG.warn(
                                "deleting old jobs failed, trying again [in: {} min, error: {}]",
                                INTERVAL_MINUTES,
                                failure.getMessage()))
                        .onComplete(_ -> sweepAfter(Duration.ofMinutes(INTERVAL_MINUTES))));
    }

    /**
     * What the timers do.
     *
     * @return how many jobs were deleted
     */
    Future<Integer> sweep() {
        return beginOfWhatIsKept()
                .compose(begin -> reads.oursSince()
                        .compose(since -> since.isPresent() && since.get().isBefore(begin)
                                ? deleteBatches(begin, 0)
                                : Future.succeededFuture(0)));
    }

    /**
     * For whoever wants it now, however long the database has been ours.
     *
     * @return how many jobs were deleted
     */
    Future<Integer> purge() {
        return beginOfWhatIsKept().compose(begin -> deleteBatches(begin, 0));
    }

    /** By the database's clock: with a wrong one of this machine too much might be deleted. */
    private Future<Instant> beginOfWhatIsKept() {
        return reads.now().map(now -> now.minus(keep));
    }

    private Future<Integer> deleteBatches(Instant endedBefore, int deletedBefore) {
        int limit = batch;
        long begin = schedule.nanos();
        return schedule.within(DELETE_TIMEOUT_MILLIS, deletion.deleteEnded(endedBefore, limit))
                .onFailure(_ -> batch = Math.max(1, batch / 2))
                .compose(deleted -> {
                    adapt(Duration.ofNanos(schedule.nanos() - begin));
                    int sum = deletedBefore + deleted;
                    return deleted < limit
                            ? Future.succeededFuture(sum)
                            : pause().compose(_ -> deleteBatches(endedBefore, sum));
                });
    }

    private Future<Void> pause() {
        Promise<Void> over = Promise.promise();
        schedule.after(PAUSE.toMillis(), over::complete);
        return over.future();
    }

    private void adapt(Duration taken) {
        if (taken.compareTo(QUICK) < 0) {
            batch = Math.min(LARGEST_BATCH, 2 * batch);
        } else if (taken.compareTo(SLOW) > 0) {
            batch = Math.max(1, batch / 2);
        }
    }
}
