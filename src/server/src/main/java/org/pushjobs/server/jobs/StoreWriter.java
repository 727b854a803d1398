package org.pushjobs.server.jobs;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.jobs.model.JobChanges;
import org.pushjobs.server.jobs.model.NewJob;
import org.pushjobs.server.store.JobWrites;
import org.pushjobs.server.store.WriteFailure;
import org.pushjobs.server.time.Schedule;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores what the live jobs did, one transaction at a time; whatever happens meanwhile goes into the next one. So the
 * number of transactions does not grow with the number of nodes, and nothing becomes visible before it is stored. While
 * the database is away everything but the creation of jobs waits for it. Belongs to the coordinator's event loop.
 *
 * <p>What can happen to a write, and what is done about it:
 *
 * <ul>
 *   <li>It fails for a reason that passes: it is made again, after a pause. The jobs of a batch that has failed three times
 *       are written one by one, each with pauses of its own, so that one that can never be stored does not keep the others.
 *   <li>It is not known whether it was carried out: it is made again, with the same revision, so that it changes nothing the
 *       second time. A job that was to be created is given up instead and discarded; its client is told that it was not
 *       started once that is certain, and that it is not known if that takes too long.
 *   <li>The database refuses it: the job is given up, and crashed in the database.
 *   <li>The term is over: nothing is written any more. The jobs are not dead, they belong to the next term.
 * </ul>
 *
 * <p>A job that was given up is dead: nothing of it is written or carried out any more. Those are too many lines for one
 * class, but one state machine; what does not touch its state is in {@link StoreQueue}.
 */
final class StoreWriter {
    private static final Logger LOG = LoggerFactory.getLogger(StoreWriter.class);
    private static final long SAVE_TIMEOUT_MILLIS = 5_000;
    /** What jobs that wait to be created hold at most, in bytes. */
    static final long MOST_CREATION_BYTES = 64L << 20;
    /** Of what fails because of its own rows, as it seems, and not because of the database. */
    static final int ATTEMPTS = 10;

    private final Schedule schedule;
    private final JobWrites store;
    private final Clock clock;
    private final Listener listener;
    private final StoreQueue queue;
    private final Map<LiveJob, Creation> creations = new LinkedHashMap<>();
    private long creationBytes;
    /** Jobs that were given up and may be in the database: they are to be discarded. */
    private final Set<String> discards = new LinkedHashSet<>();

    /** Jobs that were given up while a statement that creates them is on its way. */
    private final Set<String> sentAndGivenUp = new HashSet<>();

    private final Retry discardRetry = new Retry();
    private final List<Crash> crashes = new ArrayList<>();
    /** What concerns many jobs. */
    private final Lane main = new Lane();
    /** What concerns one job that has failed before: it must not delay the others by waiting for a time-out. */
    private final Lane alone = new Lane();

    private Optional<Runnable> wake = Optional.empty();
    private boolean soon;
    /** Why nothing is written any more. */
    private Optional<Throwable> termEnd = Optional.empty();

    /** Learns what became of the jobs. */
    interface Listener {
        /** Everything up to these effects is stored; they may be carried out. */
        void stored(LiveJob.Unsaved saved);

        /**
         * Nothing of the job will be carried out.
         *
         * @param answer for him who asked for it: whether that is certain, and why
         */
        void creationFailed(LiveJob job, ServerException answer);

        /** The database refuses what this job has to store, and will do so again. */
        void unstorable(LiveJob job, Throwable cause);

        /** The end of a job that was given up is stored. */
        void crashed(JobChanges end);
    }

    /** One statement at a time. */
    private static final class Lane {
        private final Retry retry = new Retry();
        private boolean busy;
    }

    private enum Sending {
        /** Nothing of it was sent. */
        WAITING,
        /** It is on its way. */
        SENT,
        /** It may be in the database, and is to be discarded. */
        DOUBTFUL
    }

    private static final class Creation {
        private final long costBytes;
        private final Runnable cancelDeadline;
        private Sending sending = Sending.WAITING;

        private Creation(long costBytes, Runnable cancelDeadline) {
            this.costBytes = costBytes;
            this.cancelDeadline = cancelDeadline;
        }
    }

    private static final class Crash {
        private final JobChanges changes;
        private final Retry retry = new Retry();

        private Crash(JobChanges changes) {
            this.changes = changes;
        }
    }

    StoreWriter(Schedule schedule, JobWrites store, Clock clock, StoreBacklog backlog, Listener listener) {
        this.schedule = Objects.requireNonNull(schedule, "schedule");
        this.store = Objects.requireNonNull(store, "store");
        this.clock = Objects.requireNonNull(clock, "clock");
        this.listener = Objects.requireNonNull(listener, "listener");
        this.queue = new StoreQueue(schedule, clock, backlog);
    }

    /** Whether another job may wait to be created; one may always. */
    boolean hasRoomFor(NewJob job) {
        return creations.isEmpty() || creationBytes + StoreQueue.costBytes(job) <= MOST_CREATION_BYTES;
    }

    /**
     * A new job has its first changes.
     *
     * @param answerByNanos when it is given up at the latest, as {@link Schedule#nanos} tells time
     */
    void create(LiveJob job, long answerByNanos) {
        Creation creation = new Creation(
                StoreQueue.costBytes(job.facts()),
                schedule.after(Math.max(1, schedule.millisUntil(answerByNanos)), () -> overdue(job)));
        creations.put(job, creation);
        creationBytes += creation.costBytes;
        changed(job);
        termEnd.ifPresent(this::refuseWaiting);
    }

    /** The job has something to store. */
    void changed(LiveJob job) {
        if (job.isDead()) {
            return;
        }
        queue.add(job);
        if (!soon) {
            soon = true;
            // Not at once: what came from the nodes in the same moment goes with it.
            schedule.soon(() -> {
                soon = false;
                next();
            });
        }
    }

    /** Whether the job is discarded before another one is created. */
    boolean isToBeDiscarded(String jobId) {
        return discards.contains(jobId) || sentAndGivenUp.contains(jobId);
    }

    /** How much of what is not stored is the last of what failed commands wrote. */
    long waitingTailBytes() {
        return queue.tailBytes();
    }

    /** Whether everything is stored, or nothing more can be. */
    boolean isIdle() {
        return termEnd.isPresent()
                || !main.busy && !alone.busy && queue.isEmpty() && discards.isEmpty() && crashes.isEmpty();
    }

    /** Gives up what could not be created; to be called last. */
    void close() {
        wake.ifPresent(Runnable::run);
        List.copyOf(creations.keySet()).forEach(this::leave);
    }

    // ---- what is next

    private void next() {
        wake.ifPresent(Runnable::run);
        wake = Optional.empty();
        if (termEnd.isPresent()) {
            return;
        }
        if (!main.busy && main.retry.isDue(schedule)) {
            nextOfMany();
        }
        if (!alone.busy && alone.retry.isDue(schedule)) {
            nextAlone();
        }
        Stream.concat(main.busy ? Stream.empty() : waitingOfMany(), alone.busy ? Stream.empty() : waitingAlone())
                .mapToLong(waiting -> waiting.millisUntilDue(schedule))
                .filter(millis -> millis > 0)
                .min()
                .ifPresent(millis -> wake = Optional.of(schedule.after(millis, this::next)));
    }

    private void nextOfMany() {
        if (!discards.isEmpty() && discardRetry.isDue(schedule)) {
            discard(List.copyOf(discards));
        } else {
            queue.next(this::mayBeSent).ifPresent(batch -> save(batch, main));
        }
    }

    private void nextAlone() {
        crashes.stream()
                .filter(due -> due.retry.isDue(schedule))
                .findFirst()
                .ifPresentOrElse(
                        this::record, () -> queue.nextAlone(this::mayBeSent).ifPresent(batch -> save(batch, alone)));
    }

    private Stream<Retry> waitingOfMany() {
        return Stream.of(main.retry, discardRetry);
    }

    private Stream<Retry> waitingAlone() {
        return Stream.of(Stream.of(alone.retry), crashes.stream().map(crash -> crash.retry), queue.retriesAlone())
                .flatMap(retries -> retries);
    }

    /** What may have to be discarded must not become more while nothing can be discarded. */
    private boolean mayBeSent(LiveJob job) {
        return discards.isEmpty() || !creations.containsKey(job);
    }

    private void done(Lane lane) {
        lane.busy = false;
        next();
    }

    // ---- the changes of live jobs

    private void save(StoreQueue.Batch batch, Lane lane) {
        lane.busy = true;
        List<NewJob> created = batch.jobs().stream()
                .flatMap(unsaved -> unsaved.created().stream())
                .toList();
        List<JobChanges> changes =
                batch.jobs().stream().map(LiveJob.Unsaved::changes).toList();
        batch.jobs().forEach(unsaved -> creation(unsaved.job()).ifPresent(creation -> creation.sending = Sending.SENT));
        schedule.within(SAVE_TIMEOUT_MILLIS, store.save(created, changes)).onComplete(result -> {
            if (result.succeeded()) {
                lane.retry.succeeded();
                queue.stored(batch);
                batch.jobs().forEach(this::stored);
            } else {
                failed(batch, lane, result.cause());
            }
            done(lane);
        });
    }

    private void stored(LiveJob.Unsaved unsaved) {
        LiveJob job = unsaved.job();
        if (job.isDead()) {
            if (sentAndGivenUp.remove(job.id())) {
                discards.add(job.id());
            }
            return;
        }
        forget(job);
        try {
            // One job's trouble must not keep the others from being stored.
            listener.stored(unsaved);
        } catch (RuntimeException e) {
            LOG.error("carrying out what was stored failed [job: {}]", job.id(), e);
        }
    }

    private void failed(StoreQueue.Batch batch, Lane lane, Throwable cause) {
        WriteFailure failure = WriteFailure.of(cause);
        batch.jobs().forEach(unsaved -> sentInVain(unsaved.job(), failure, cause));
        if (failure == WriteFailure.FENCED) {
            endTerm(cause);
            return;
        }
        if (failure.isTemporary()) {
            lane.retry.failed(schedule);
            if (lane.retry.isWorthALine()) {
                LOG.warn(
                        "storing failed, trying until it succeeds [jobs: {}, failures: {}, error: {}]",
                        batch.jobs().size(),
                        lane.retry.failures(),
                        cause.getMessage());
            }
        }
        if (lane == main && failure.isTemporary()) {
            refuseWaiting(cause);
        }
        if (queue.failed(batch, failure)) {
            batch.jobs().stream()
                    .map(LiveJob.Unsaved::job)
                    .filter(job -> !job.isDead())
                    .forEach(job -> giveUp(job, cause));
        }
    }

    /** Nothing that waits will be sent; what is on its way comes back in vain, or was in time. */
    private void endTerm(Throwable cause) {
        if (termEnd.isEmpty()) {
            LOG.error("what happens to the live jobs is not stored any more: {}", cause.getMessage());
        }
        termEnd = Optional.of(cause);
        refuseWaiting(cause);
        waiting(Sending.DOUBTFUL).forEach(job -> answer(job, NotCreated.unknown(job.id())));
    }

    private void giveUp(LiveJob job, Throwable cause) {
        job.die();
        queue.remove(job);
        if (creations.containsKey(job)) {
            answer(job, NotCreated.refused(cause));
        } else {
            crashes.add(new Crash(job.crash(clock.instant())));
            listener.unstorable(job, cause);
        }
    }

    // ---- creations

    private Optional<Creation> creation(LiveJob job) {
        return Optional.ofNullable(creations.get(job));
    }

    private void forget(LiveJob job) {
        creation(job).ifPresent(creation -> {
            creation.cancelDeadline.run();
            creations.remove(job);
            creationBytes -= creation.costBytes;
        });
    }

    private void answer(LiveJob job, ServerException answer) {
        forget(job);
        job.die();
        queue.remove(job);
        listener.creationFailed(job, answer);
    }

    /** Its time is over, and so is the patience of him who asked for it. */
    private void overdue(LiveJob job) {
        creation(job).ifPresent(creation -> {
            switch (creation.sending) {
                case WAITING -> answer(job, NotCreated.forNow("the database does not answer"));
                case SENT -> {
                    sentAndGivenUp.add(job.id());
                    answer(job, NotCreated.unknown(job.id()));
                }
                case DOUBTFUL -> answer(job, NotCreated.unknown(job.id()));
            }
        });
    }

    private void leave(LiveJob job) {
        creation(job).ifPresent(creation -> {
            switch (creation.sending) {
                case WAITING -> answer(job, NotCreated.forNow("the coordinator ends"));
                case SENT, DOUBTFUL -> answer(job, NotCreated.leftBehind(job.id()));
            }
        });
    }

    /** What is certain is said at once; the rest when it has been discarded. */
    private void sentInVain(LiveJob job, WriteFailure failure, Throwable cause) {
        if (sentAndGivenUp.remove(job.id()) && failure == WriteFailure.UNKNOWN) {
            discards.add(job.id());
        }
        creation(job).ifPresent(creation -> {
            switch (failure) {
                case NOT_SENT, NOT_DONE, SUSPECT, FENCED -> answer(job, NotCreated.forNow(cause.getMessage()));
                case UNKNOWN -> {
                    creation.sending = Sending.DOUBTFUL;
                    job.die();
                    queue.remove(job);
                    discards.add(job.id());
                }
                // it may be another one's fault, then it is sent again alone
                case REFUSED -> creation.sending = Sending.WAITING;
            }
        });
    }

    /** They would have to wait for a database that is away. */
    private void refuseWaiting(Throwable cause) {
        waiting(Sending.WAITING).forEach(job -> answer(job, NotCreated.forNow(cause.getMessage())));
    }

    private List<LiveJob> waiting(Sending sending) {
        return creations.entrySet().stream()
                .filter(entry -> entry.getValue().sending == sending)
                .map(Map.Entry::getKey)
                .toList();
    }

    private void discard(List<String> ids) {
        main.busy = true;
        schedule.within(SAVE_TIMEOUT_MILLIS, store.discard(ids, clock.instant()))
                .onComplete(result -> {
                    if (result.succeeded()) {
                        main.retry.succeeded();
                        discarded(ids);
                    } else {
                        notDiscarded(ids, result.cause());
                    }
                    done(main);
                });
    }

    private void discarded(List<String> ids) {
        discardRetry.succeeded();
        ids.forEach(discards::remove);
        Map<String, LiveJob> doubtful = new HashMap<>();
        waiting(Sending.DOUBTFUL).forEach(job -> doubtful.put(job.id(), job));
        ids.stream()
                .map(doubtful::get)
                .filter(Objects::nonNull)
                .forEach(job -> answer(job, NotCreated.forNow("the database did not answer in time")));
    }

    private void notDiscarded(List<String> ids, Throwable cause) {
        if (WriteFailure.of(cause) == WriteFailure.FENCED) {
            endTerm(cause);
            return;
        }
        discardRetry.failed(schedule);
        if (isHopeless(discardRetry, cause)) {
            LOG.error(
                    "the database refuses to discard jobs that were given up; where it has them they go on at the next start"
                            + " [jobs: {}]",
                    ids,
                    cause);
            discardRetry.succeeded();
            ids.forEach(discards::remove);
            return;
        }
        main.retry.failed(schedule);
        if (discardRetry.isWorthALine()) {
            LOG.warn(
                    "discarding jobs that were given up failed, trying again [jobs: {}, failures: {}, error: {}]",
                    ids.size(),
                    discardRetry.failures(),
                    cause.getMessage());
        }
        refuseWaiting(cause);
    }

    // ---- jobs that were given up

    private void record(Crash crash) {
        alone.busy = true;
        schedule.within(SAVE_TIMEOUT_MILLIS, store.save(List.of(), List.of(crash.changes)))
                .onComplete(result -> {
                    if (result.succeeded()) {
                        alone.retry.succeeded();
                        crashes.remove(crash);
                        listener.crashed(crash.changes);
                    } else {
                        notRecorded(crash, result.cause());
                    }
                    done(alone);
                });
    }

    private void notRecorded(Crash crash, Throwable cause) {
        if (WriteFailure.of(cause) == WriteFailure.FENCED) {
            endTerm(cause);
            return;
        }
        crash.retry.failed(schedule);
        if (crash.retry.isWorthALine()) {
            LOG.error(
                    "the end of a job that was given up is not stored, trying again [job: {}, failures: {}]",
                    crash.changes.jobId(),
                    crash.retry.failures(),
                    cause);
        }
        if (WriteFailure.of(cause).isTemporary()) {
            alone.retry.failed(schedule);
        }
    }

    /** Whether it has failed too often for a reason of its own. */
    private static boolean isHopeless(Retry retry, Throwable cause) {
        return retry.failures() >= ATTEMPTS
                && switch (WriteFailure.of(cause)) {
                    case REFUSED, SUSPECT -> true;
                    case NOT_SENT, NOT_DONE, UNKNOWN, FENCED -> false;
                };
    }
}
