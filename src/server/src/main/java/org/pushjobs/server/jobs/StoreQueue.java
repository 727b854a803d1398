package org.pushjobs.server.jobs;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.pushjobs.protocol.message.JobSpec;
import org.pushjobs.server.jobs.model.NewJob;
import org.pushjobs.server.store.WriteFailure;
import org.pushjobs.server.time.Schedule;

/**
 * What the {@link StoreWriter} has to write next: batches of jobs, cut by rows and bytes; those that failed again first; and
 * alone the jobs whose batch has failed too often. Of a job that waits for its turn nothing newer is handed out. Belongs to
 * the coordinator's event loop.
 */
final class StoreQueue {
    private static final int ROWS_PER_BATCH = 10_000;
    private static final long BYTES_PER_BATCH = 4 << 20;
    private static final int JOB_COST_BYTES = 1_024;
    private static final int NODE_COST_BYTES = 256;
    /** Of a batch, as long as it may be that one of its jobs is the reason. */
    private static final int FAILURES_TOGETHER = 3;

    private final Schedule schedule;
    private final Clock clock;
    private final StoreBacklog backlog;
    /** And since when, oldest first. */
    private final Map<LiveJob, Long> dirty = new LinkedHashMap<>();

    private final List<Batch> underWay = new ArrayList<>();
    private Optional<Batch> again = Optional.empty();
    private final Set<Batch> alone = new LinkedHashSet<>();
    private final Set<LiveJob> notYet = new HashSet<>();
    private int handedOut;
    private long handedOutSinceNanos;

    /** Jobs that are written together, and how often that has failed. */
    static final class Batch {
        private final List<LiveJob.Unsaved> jobs;
        private final long sinceNanos;
        private final long tailBytes;
        private final Retry retry = new Retry();
        private int failures;
        private int suspicions;

        private Batch(List<LiveJob.Unsaved> jobs, long sinceNanos) {
            this.jobs = List.copyOf(jobs);
            this.sinceNanos = sinceNanos;
            this.tailBytes =
                    this.jobs.stream().mapToLong(LiveJob.Unsaved::tailBytes).sum();
        }

        List<LiveJob.Unsaved> jobs() {
            return jobs;
        }
    }

    StoreQueue(Schedule schedule, Clock clock, StoreBacklog backlog) {
        this.schedule = schedule;
        this.clock = clock;
        this.backlog = backlog;
    }

    void add(LiveJob job) {
        dirty.putIfAbsent(job, schedule.nanos());
        tellBacklog();
    }

    boolean isEmpty() {
        return dirty.isEmpty() && again.isEmpty() && alone.isEmpty() && underWay.isEmpty();
    }

    /** The job is dead. */
    void remove(LiveJob job) {
        dirty.remove(job);
        again = again.flatMap(StoreQueue::living);
        List<Batch> waiting = List.copyOf(alone);
        waiting.stream().filter(batch -> living(batch).isEmpty()).forEach(alone::remove);
        notYet.remove(job);
        count();
    }

    /** @param mayBeSent of the jobs that have not been handed out */
    Optional<Batch> next(Predicate<LiveJob> mayBeSent) {
        Optional<Batch> next = again.or(() -> fresh(mayBeSent));
        again = Optional.empty();
        next.ifPresent(underWay::add);
        count();
        return next;
    }

    /** One job that has failed with others, or alone. */
    Optional<Batch> nextAlone(Predicate<LiveJob> mayBeSent) {
        Optional<Batch> next = alone.stream()
                .filter(batch -> batch.retry.isDue(schedule))
                .filter(batch -> mayBeSent.test(batch.jobs.getFirst().job()))
                .findFirst();
        next.ifPresent(batch -> {
            alone.remove(batch);
            underWay.add(batch);
        });
        count();
        return next;
    }

    Stream<Retry> retriesAlone() {
        return alone.stream().map(batch -> batch.retry);
    }

    void stored(Batch batch) {
        underWay.remove(batch);
        batch.jobs.forEach(unsaved -> notYet.remove(unsaved.job()));
        count();
    }

    /**
     * It comes again, together or one by one; but not if it is one job, and that is the reason.
     *
     * @return whether it is
     */
    boolean failed(Batch batch, WriteFailure failure) {
        underWay.remove(batch);
        boolean isOne = notYet.contains(batch.jobs.getFirst().job());
        batch.suspicions += failure == WriteFailure.SUSPECT ? 1 : 0;
        batch.failures += failure == WriteFailure.NOT_SENT ? 0 : 1;
        boolean hopeless = isOne && (failure == WriteFailure.REFUSED || batch.suspicions >= StoreWriter.ATTEMPTS);
        living(batch).ifPresent(living -> {
            if (hopeless) {
                notYet.remove(living.jobs.getFirst().job());
            } else if (isOne) {
                living.retry.failed(schedule);
                alone.add(living);
            } else if (failure == WriteFailure.REFUSED || living.failures >= FAILURES_TOGETHER) {
                living.jobs.forEach(unsaved -> {
                    notYet.add(unsaved.job());
                    alone.add(new Batch(List.of(unsaved), living.sinceNanos));
                });
            } else {
                again = Optional.of(living);
            }
        });
        count();
        return hopeless;
    }

    /** The same batch without the jobs that are dead by now; empty when all are. */
    private static Optional<Batch> living(Batch batch) {
        List<LiveJob.Unsaved> jobs =
                batch.jobs.stream().filter(unsaved -> !unsaved.job().isDead()).toList();
        if (jobs.size() == batch.jobs.size()) {
            return Optional.of(batch);
        }
        if (jobs.isEmpty()) {
            return Optional.empty();
        }
        Batch living = new Batch(jobs, batch.sinceNanos);
        living.failures = batch.failures;
        living.suspicions = batch.suspicions;
        return Optional.of(living);
    }

    private Optional<Batch> fresh(Predicate<LiveJob> mayBeSent) {
        List<LiveJob.Unsaved> jobs = new ArrayList<>();
        long rows = 0;
        long bytes = 0;
        long sinceNanos = schedule.nanos();
        Iterator<Map.Entry<LiveJob, Long>> waiting = dirty.entrySet().iterator();
        while (waiting.hasNext() && rows < ROWS_PER_BATCH && bytes < BYTES_PER_BATCH) {
            Map.Entry<LiveJob, Long> next = waiting.next();
            LiveJob job = next.getKey();
            if (!notYet.contains(job) && mayBeSent.test(job)) {
                sinceNanos = older(sinceNanos, next.getValue());
                waiting.remove();
                LiveJob.Unsaved unsaved = job.takeUnsaved(clock.instant());
                jobs.add(unsaved);
                rows += rows(unsaved);
                bytes += unsaved.created().map(StoreQueue::bytes).orElse(0L) + unsaved.tailBytes();
            }
        }
        return jobs.isEmpty() ? Optional.empty() : Optional.of(new Batch(jobs, sinceNanos));
    }

    private static long rows(LiveJob.Unsaved unsaved) {
        return 1L
                + unsaved.changes().nodes().size()
                + unsaved.changes().events().size()
                + unsaved.created().map(job -> job.terms().nodes().size()).orElse(0);
    }

    /** About what a job that is to be created takes in memory. */
    static long costBytes(NewJob job) {
        return 2 * bytes(job) + (long) NODE_COST_BYTES * job.terms().nodes().size() + JOB_COST_BYTES;
    }

    private static long bytes(NewJob job) {
        JobSpec spec = job.terms().spec();
        return (long) spec.command().length()
                + spec.file().map(String::length).orElse(0)
                + spec.env().map(env -> env.toString().length()).orElse(0);
    }

    /** How much of all that is not stored is the last of what failed commands wrote. */
    long tailBytes() {
        return dirty.keySet().stream().mapToLong(LiveJob::unsavedTailBytes).sum()
                + handedOut().mapToLong(batch -> batch.tailBytes).sum();
    }

    private Stream<Batch> handedOut() {
        return Stream.of(underWay.stream(), again.stream(), alone.stream()).flatMap(batches -> batches);
    }

    private void tellBacklog() {
        long now = schedule.nanos();
        long dirtySince = dirty.isEmpty() ? now : dirty.values().iterator().next();
        backlog.is(dirty.size() + handedOut, older(dirtySince, handedOut == 0 ? now : handedOutSinceNanos));
    }

    private static long older(long oneNanos, long otherNanos) {
        return oneNanos - otherNanos < 0 ? oneNanos : otherNanos;
    }

    private void count() {
        List<Batch> all = handedOut().toList();
        handedOut = all.stream().mapToInt(batch -> batch.jobs.size()).sum();
        handedOutSinceNanos = all.stream()
                .map(batch -> batch.sinceNanos)
                .reduce(StoreQueue::older)
                .orElse(0L);
        tellBacklog();
    }
}
