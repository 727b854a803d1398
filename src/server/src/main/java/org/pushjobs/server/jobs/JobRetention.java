package org.pushjobs.server.jobs;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.pushjobs.server.store.JobStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes jobs that ended long ago, with their events and outputs. Nothing goes before the database has been ours for as long:
 * the original server kept its jobs for ever, and whoever upgrades has the time to choose. It does so soon after the start and then every
 * {@value #INTERVAL_MINUTES} minutes, a few jobs at a time with pauses in between. A batch grows while batches are quick and
 * shrinks while they are slow, since a job may have one node or many thousands. Belongs to the event loop that starts it.
 */
final class JobRetention {
    private static final Logger LOG = LoggerFactory.getLogger(JobRetention.class);
    private static final long INTERVAL_MINUTES = 10;
    private static final Duration FIRST_DELAY = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final Duration QUICK = Duration.ofMillis(200);
    private static final Duration SLOW = Duration.ofSeconds(1);
    private static final int FIRST_BATCH = 10;
    private static final int LARGEST_BATCH = 500;

    private final Vertx vertx;
    private final JobStore store;
    private final Deletion deletion;
    private final Duration keep;
    private int batch = FIRST_BATCH;

    /** How jobs are deleted: by a term, or by a command. */
    interface Deletion {
        /**
         * Deletes jobs that ended before, those first that ended first.
         *
         * @return how many
         */
        Future<Integer> deleteEnded(Instant endedBefore, int limit);
    }

    /** @param keep how long a job stays after its end; zero keeps it for ever */
    JobRetention(Vertx vertx, JobStore store, Deletion deletion, Duration keep) {
        this.vertx = Objects.requireNonNull(vertx, "vertx");
        this.store = Objects.requireNonNull(store, "store");
        this.deletion = Objects.requireNonNull(deletion, "deletion");
        this.keep = Objects.requireNonNull(keep, "keep");
    }

    /** The timers end with the verticle that this is called by. */
    void start() {
        if (!keep.isZero()) {
            sweepAfter(FIRST_DELAY);
        }
    }

    private void sweepAfter(Duration delay) {
        vertx.setTimer(
                delay.toMillis(),
                _ -> sweep().onSuccess(deleted -> {
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
                .compose(begin -> store.oursSince()
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
        return store.now().map(now -> now.minus(keep));
    }

    private Future<Integer> deleteBatches(Instant endedBefore, int deletedBefore) {
        int limit = batch;
        long begin = System.nanoTime();
        return deletion.deleteEnded(endedBefore, limit)
                .onFailure(_ -> batch = Math.max(1, batch / 2))
                .compose(deleted -> {
                    adapt(Duration.ofNanos(System.nanoTime() - begin));
                    int sum = deletedBefore + deleted;
                    return deleted < limit
                            ? Future.succeededFuture(sum)
                            : vertx.timer(PAUSE.toMillis(), TimeUnit.MILLISECONDS)
                                    .compose(_ -> deleteBatches(endedBefore, sum));
                });
    }

    private void adapt(Duration taken) {
        if (taken.compareTo(QUICK) < 0) {
            batch = Math.min(LARGEST_BATCH, 2 * batch);
        } else if (taken.compareTo(SLOW) > 0) {
            batch = Math.max(1, batch / 2);
        }
    }
}
