package org.pushjobs.server.jobs;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.pushjobs.protocol.message.Output;
import org.pushjobs.server.jobs.model.JobChanges;
import org.pushjobs.server.store.JobWrites;
import org.pushjobs.server.store.WriteFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores output that came in a result, all at once: some at a time, one statement after the other, until it is stored. Agents
 * that send it so do not keep it, so it must not be refused because much comes at once or the database is away: what is too
 * much for the heap waits in a {@link Spill}. What is too much for that as well is dropped. Belongs to the coordinator's event
 * loop. Three places where an output can be, and every way between them, are what it has more than 300 lines for.
 */
final class ResultWriter {
    /** What waits in the heap at most, in bytes. */
    static final long MOST_WAITING_BYTES = 32L << 20;
    /** What is on its way to the spill or back at most, in bytes. */
    static final long MOST_MOVING_BYTES = 192L << 20;
    /** What waits in the spill at most, in bytes. */
    static final long MOST_SPILLED_BYTES = 8L << 30;

    private static final Logger LOG = LoggerFactory.getLogger(ResultWriter.class);
    private static final long BATCH_BYTES = 4L << 20;
    private static final long SAVE_TIMEOUT_MILLIS = 5_000;
    /** Of outputs that are written together, as long as it may be that one of them is the reason. */
    private static final int FAILURES_TOGETHER = 3;
    /** What an output costs besides its characters. */
    private static final int ENTRY_COST_BYTES = 512;

    private static final String NO_ROOM =
            "its output was dropped: the server has no room for more until the database has" + " stored what waits";
    private static final String REFUSED = "its output was dropped: the database refuses it";
    private static final String LOST =
            "its output was dropped: the server could not read it back from its temporary file";

    private final Schedule schedule;
    private final JobWrites store;
    private final Clock clock;
    private final Spill spill;
    private final Deque<Entry> waiting = new ArrayDeque<>();
    private final Deque<Spilled> spilled = new ArrayDeque<>();
    private final Retry retry = new Retry();
    private long waitingBytes;
    private long movingBytes;
    private long spilledBytes;
    private long spillEnd;
    private long progressNanos;
    private boolean saving;
    private boolean reading;
    private boolean dropping;
    private boolean termIsOver;

    /** Learns what became of an output. */
    interface Answer {
        void stored(Output output);

        /** @param reason for people */
        void dropped(String reason);
    }

    private static final class Entry {
        private final LiveJob job;
        private final String node;
        private final Output output;
        private final Answer answer;
        private int failures;
        private int suspicions;

        private Entry(LiveJob job, String node, Output output, Answer answer) {
            this.job = job;
            this.node = node;
            this.output = output;
            this.answer = answer;
        }

        /** A character takes two bytes at most. */
        private long costBytes() {
            return 2L * (output.stdout().length() + output.stderr().length()) + ENTRY_COST_BYTES;
        }
    }

    private record Spilled(LiveJob job, String node, Answer answer, long position, int stdoutBytes, int stderrBytes) {
        private int bytes() {
            return stdoutBytes + stderrBytes;
        }
    }

    ResultWriter(Schedule schedule, JobWrites store, Clock clock, Spill spill) {
        this.schedule = Objects.requireNonNull(schedule, "schedule");
        this.store = Objects.requireNonNull(store, "store");
        this.clock = Objects.requireNonNull(clock, "clock");
        this.spill = Objects.requireNonNull(spill, "spill");
    }

    /** Once the term is over, the next one has to get it. */
    void store(LiveJob job, String node, Output output, Answer answer) {
        if (termIsOver) {
            return;
        }
        Entry entry = new Entry(job, node, output, answer);
        if (isIdle()) {
            progressNanos = schedule.nanos();
        }
        if (spilled.isEmpty() && movingBytes == 0 && waitingBytes + entry.costBytes() <= MOST_WAITING_BYTES) {
            await(entry);
            schedule.soon(this::saveNext);
        } else {
            moveOut(entry);
        }
    }

    /** In the heap and in the spill. */
    long waitingBytes() {
        return inHeapBytes() + spilledBytes;
    }

    long inHeapBytes() {
        return waitingBytes + movingBytes;
    }

    /** Whether everything is stored, or nothing more can be. */
    boolean isIdle() {
        return termIsOver || waiting.isEmpty() && spilled.isEmpty() && movingBytes == 0 && !saving;
    }

    /** For how long something has waited and nothing was stored; zero when nothing waits. That much waits is no trouble. */
    Duration stalled() {
        return isIdle() ? Duration.ZERO : Duration.ofNanos(schedule.nanos() - progressNanos);
    }

    private void await(Entry entry) {
        waiting.addLast(entry);
        waitingBytes += entry.costBytes();
    }

    // ---- out of the heap and back

    private void moveOut(Entry entry) {
        byte[] stdout = entry.output.stdout().getBytes(StandardCharsets.UTF_8);
        byte[] stderr = entry.output.stderr().getBytes(StandardCharsets.UTF_8);
        byte[] data = Arrays.copyOf(stdout, stdout.length + stderr.length);
        System.arraycopy(stderr, 0, data, stdout.length, stderr.length);
        long cost = data.length + ENTRY_COST_BYTES;
        if (movingBytes + cost > MOST_MOVING_BYTES || spillEnd + data.length > MOST_SPILLED_BYTES) {
            drop(entry.job, entry.node, entry.answer, NO_ROOM);
            return;
        }
        Spilled place = new Spilled(entry.job, entry.node, entry.answer, spillEnd, stdout.length, stderr.length);
        spillEnd += data.length;
        movingBytes += cost;
        // the text itself must not stay in the heap until then
        spill.write(place.position, data).onComplete(written -> {
            movingBytes -= cost;
            if (written.succeeded()) {
                spilled.addLast(place);
                spilledBytes += place.bytes();
            } else {
                drop(
                        place.job,
                        place.node,
                        place.answer,
                        "its output was dropped: the server has no room for more, its"
                                + " temporary file cannot be written: "
                                + written.cause().getMessage());
            }
            giveRoomBack();
            saveNext();
        });
    }

    private void moveBack() {
        Spilled place = spilled.removeFirst();
        long cost = place.bytes() + ENTRY_COST_BYTES;
        spilledBytes -= place.bytes();
        reading = true;
        movingBytes += cost;
        spill.read(place.position, place.bytes()).onComplete(read -> {
            reading = false;
            movingBytes -= cost;
            if (read.succeeded()) {
                await(new Entry(place.job, place.node, output(place, read.result()), place.answer));
            } else {
                LOG.error("output could not be read back", read.cause());
                drop(place.job, place.node, place.answer, LOST);
            }
            giveRoomBack();
            saveNext();
        });
    }

    private void giveRoomBack() {
        if (spillEnd > 0 && spilled.isEmpty() && movingBytes == 0) {
            spillEnd = 0;
            spill.clear();
        }
    }

    private static Output output(Spilled place, byte[] data) {
        return new Output(
                new String(data, 0, place.stdoutBytes, StandardCharsets.UTF_8),
                new String(data, place.stdoutBytes, place.stderrBytes, StandardCharsets.UTF_8));
    }

    private void drop(LiveJob job, String node, Answer answer, String reason) {
        if (!dropping) {
            dropping = true;
            LOG.error(
                    "output of a result was dropped, and so may others be [job: {}, node: {}, reason: {}]",
                    job.id(),
                    node,
                    reason);
        }
        tell(job, node, () -> answer.dropped(reason));
    }

    /** One job's trouble must not keep the others from being told. */
    private static void tell(LiveJob job, String node, Runnable answer) {
        try {
            answer.run();
        } catch (RuntimeException e) {
            LOG.error("a result whose output is stored, or dropped, failed [job: {}, node: {}]", job.id(), node, e);
        }
    }

    // ---- into the database

    private void saveNext() {
        if (termIsOver) {
            return;
        }
        if (!reading && !spilled.isEmpty() && waitingBytes < 2 * BATCH_BYTES) {
            moveBack();
        }
        if (saving || !retry.isDue(schedule)) {
            return;
        }
        List<Entry> batch = nextBatch();
        if (batch.isEmpty()) {
            return;
        }
        saving = true;
        schedule.within(SAVE_TIMEOUT_MILLIS, store.save(List.of(), changes(batch)))
                .onComplete(result -> {
                    saving = false;
                    if (result.succeeded()) {
                        retry.succeeded();
                        dropping = false;
                        progressNanos = schedule.nanos();
                        batch.forEach(entry -> tell(entry.job, entry.node, () -> entry.answer.stored(entry.output)));
                        saveNext();
                    } else {
                        failed(batch, result.cause());
                    }
                });
    }

    /** What has failed too often with others is tried alone. */
    private List<Entry> nextBatch() {
        List<Entry> batch = new ArrayList<>();
        long bytes = 0;
        while (!waiting.isEmpty() && bytes < BATCH_BYTES) {
            Entry next = waiting.getFirst();
            boolean apart = next.failures >= FAILURES_TOGETHER;
            if (apart && !batch.isEmpty()) {
                break;
            }
            waiting.removeFirst();
            waitingBytes -= next.costBytes();
            if (!next.job.isDead()) {
                batch.add(next);
                bytes += next.costBytes();
            }
            if (apart && !batch.isEmpty()) {
                break;
            }
        }
        return batch;
    }

    private List<JobChanges> changes(List<Entry> batch) {
        Map<LiveJob, Map<String, Output>> byJob = new LinkedHashMap<>();
        batch.forEach(
                entry -> byJob.computeIfAbsent(entry.job, _ -> new HashMap<>()).put(entry.node, entry.output));
        return byJob.entrySet().stream()
                .map(ofJob -> JobChanges.ofOutputs(
                        ofJob.getKey().id(), ofJob.getKey().orgGuid(), ofJob.getValue(), clock.instant()))
                .toList();
    }

    private void failed(List<Entry> batch, Throwable cause) {
        WriteFailure failure = WriteFailure.of(cause);
        if (failure == WriteFailure.FENCED) {
            termIsOver = true;
            return;
        }
        List<Entry> again = new ArrayList<>();
        for (Entry entry : batch) {
            reason(entry, batch.size() == 1, failure)
                    .ifPresentOrElse(
                            reason -> drop(entry.job, entry.node, entry.answer, reason), () -> again.add(entry));
        }
        again.forEach(this::await);
        if (failure.isTemporary()) {
            retry.failed(schedule);
            if (retry.isWorthALine()) {
                LOG.warn(
                        "storing output of results failed, trying until it succeeds [outputs: {}, failures: {}, error: {}]",
                        batch.size(),
                        retry.failures(),
                        cause.getMessage());
            }
            schedule.after(retry.millisUntilDue(schedule), this::saveNext);
        } else {
            schedule.soon(this::saveNext);
        }
    }

    /** Why it is not tried again; empty if it is. */
    private static Optional<String> reason(Entry entry, boolean alone, WriteFailure failure) {
        return switch (failure) {
            case NOT_SENT, FENCED -> Optional.empty();
            case NOT_DONE, UNKNOWN -> {
                entry.failures++;
                yield Optional.empty();
            }
            case SUSPECT -> {
                entry.failures++;
                entry.suspicions++;
                yield alone && entry.suspicions >= StoreWriter.ATTEMPTS ? Optional.of(REFUSED) : Optional.empty();
            }
            case REFUSED -> {
                entry.failures = FAILURES_TOGETHER;
                yield alone ? Optional.of(REFUSED) : Optional.empty();
            }
        };
    }
}
