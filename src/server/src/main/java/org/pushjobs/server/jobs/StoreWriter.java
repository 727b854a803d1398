package org.pushjobs.server.jobs;

import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.store.JobChanges;
import org.pushjobs.server.store.JobStatus;
import org.pushjobs.server.store.JobStore;
import org.pushjobs.server.store.NewJob;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores what the live jobs did, one transaction at a time; whatever happens meanwhile goes into the next one. So the
 * number of transactions does not grow with the number of nodes, and nothing becomes visible before it is stored. While
 * the database is away everything but the creation of jobs waits for it. Belongs to the coordinator's event loop.
 */
final class StoreWriter {
    private static final Logger LOG = LoggerFactory.getLogger(StoreWriter.class);
    private static final long SAVE_TIMEOUT_MILLIS = 5_000;
    private static final long FIRST_RETRY_MILLIS = 200;
    private static final long MAX_RETRY_MILLIS = 5_000;

    private final Vertx vertx;
    private final JobStore store;
    private final Clock clock;
    private final StoreBacklog backlog;
    private final Listener listener;
    private final Set<LiveJob> dirty = new LinkedHashSet<>();
    /** Jobs that were given up; where the database has them all the same, they are to become crashed. */
    private final List<LiveJob> abandoned = new ArrayList<>();
    /** As those, but nobody was told about them: what asked for them may be sent again. */
    private final List<LiveJob> refused = new ArrayList<>();

    private boolean saving;

    /** Learns what became of the jobs. */
    interface Listener {
        /** Everything up to these effects is stored; they may be carried out. */
        void stored(LiveJob.Unsaved saved);

        /** The job was not created; nothing of it was seen by anybody. */
        void creationFailed(LiveJob job, Throwable cause);

        /** The database refuses what this job has to store, and will do so again. */
        void unstorable(LiveJob job, Throwable cause);
    }

    StoreWriter(Vertx vertx, JobStore store, Clock clock, StoreBacklog backlog, Listener listener) {
        this.vertx = Objects.requireNonNull(vertx, "vertx");
        this.store = Objects.requireNonNull(store, "store");
        this.clock = Objects.requireNonNull(clock, "clock");
        this.backlog = Objects.requireNonNull(backlog, "backlog");
        this.listener = Objects.requireNonNull(listener, "listener");
    }

    /** The job has something to store. */
    void changed(LiveJob job) {
        dirty.add(job);
        backlog.waiting(dirty.size());
        if (!saving) {
            saving = true;
            // Not at once: what came from the nodes in the same moment goes with it.
            vertx.runOnContext(_ -> saveNext());
        }
    }

    /** Whether the job is discarded before anything else is stored. */
    boolean isToBeDiscarded(String jobId) {
        return refused.stream().anyMatch(job -> job.id().equals(jobId));
    }

    /** Whether everything is stored. */
    boolean isIdle() {
        return !saving && dirty.isEmpty();
    }

    private void saveNext() {
        backlog.saved();
        if (dirty.isEmpty() && abandoned.isEmpty() && refused.isEmpty()) {
            saving = false;
            return;
        }
        saving = true;
        List<LiveJob.Unsaved> batch =
                dirty.stream().map(job -> job.takeUnsaved(clock.instant())).toList();
        dirty.clear();
        backlog.saving();
        save(batch, FIRST_RETRY_MILLIS);
    }

    private void save(List<LiveJob.Unsaved> batch, long retryMillis) {
        List<NewJob> created =
                batch.stream().flatMap(unsaved -> unsaved.created().stream()).toList();
        List<JobChanges> changes = new ArrayList<>();
        List<LiveJob> given = List.copyOf(abandoned);
        given.forEach(job -> changes.add(crashed(job)));
        batch.forEach(unsaved -> changes.add(unsaved.changes()));
        List<LiveJob> discarded = List.copyOf(refused);
        store.discard(discarded.stream().map(LiveJob::id).toList(), clock.instant())
                .compose(_ -> store.save(created, changes))
                .timeout(SAVE_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
                .onSuccess(_ -> {
                    abandoned.removeAll(given);
                    refused.removeAll(discarded);
                    batch.forEach(this::stored);
                    saveNext();
                })
                .onFailure(failure -> failed(batch, failure, retryMillis));
    }

    /** One job's trouble must not keep the others from being stored. */
    private void stored(LiveJob.Unsaved unsaved) {
        try {
            listener.stored(unsaved);
        } catch (RuntimeException e) {
            LOG.error(
                    "carrying out what was stored failed [job: {}]",
                    unsaved.job().id(),
                    e);
        }
    }

    private void failed(List<LiveJob.Unsaved> batch, Throwable failure, long retryMillis) {
        if (isTemporary(failure)) {
            List<LiveJob.Unsaved> kept = refuseCreations(batch, failure);
            LOG.warn(
                    "storing failed, trying again [jobs: {}, in: {} ms, error: {}]",
                    kept.size(),
                    retryMillis,
                    failure.getMessage());
            vertx.setTimer(retryMillis, _ -> save(kept, Math.min(2 * retryMillis, MAX_RETRY_MILLIS)));
        } else {
            saveOneByOne(batch, 0);
        }
    }

    /** Finds the job whose data the database refuses. */
    private void saveOneByOne(List<LiveJob.Unsaved> batch, int index) {
        if (index == batch.size()) {
            saveNext();
            return;
        }
        LiveJob.Unsaved unsaved = batch.get(index);
        store.save(unsaved.created().stream().toList(), List.of(unsaved.changes()))
                .timeout(SAVE_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
                .onSuccess(_ -> {
                    stored(unsaved);
                    saveOneByOne(batch, index + 1);
                })
                .onFailure(failure -> {
                    if (isTemporary(failure)) {
                        vertx.setTimer(FIRST_RETRY_MILLIS, _ -> saveOneByOne(batch, index));
                    } else {
                        giveUp(unsaved, failure);
                        saveOneByOne(batch, index + 1);
                    }
                });
    }

    private List<LiveJob.Unsaved> refuseCreations(List<LiveJob.Unsaved> batch, Throwable failure) {
        List<LiveJob.Unsaved> kept = new ArrayList<>();
        for (LiveJob.Unsaved unsaved : batch) {
            if (unsaved.created().isPresent()) {
                giveUp(unsaved, failure);
            } else {
                kept.add(unsaved);
            }
        }
        return kept;
    }

    private void giveUp(LiveJob.Unsaved unsaved, Throwable failure) {
        if (unsaved.created().isPresent()) {
            refused.add(unsaved.job());
            listener.creationFailed(unsaved.job(), failure);
        } else {
            abandoned.add(unsaved.job());
            listener.unstorable(unsaved.job(), failure);
        }
    }

    /** Whether the same may succeed later. */
    static boolean isTemporary(Throwable failure) {
        return failure instanceof TimeoutException || ServerException.isTemporary(failure);
    }

    /** Readers of its feed find the last event when they look into the database again. */
    private JobChanges crashed(LiveJob job) {
        return new JobChanges(
                job.id(),
                job.orgGuid(),
                Optional.of(JobStatus.CRASHED),
                Map.of(),
                Map.of(),
                List.of(job.givenUp(clock.instant())),
                clock.instant());
    }
}
