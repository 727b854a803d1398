package org.pushjobs.server.jobs;

import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.jobs.model.OutputKey;
import org.pushjobs.server.jobs.model.OutputPart;
import org.pushjobs.server.store.FencedWrites;
import org.pushjobs.server.store.OutputStore;
import org.pushjobs.server.store.WriteFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores output that comes while commands run: one statement at a time, whatever comes meanwhile goes into the next one. What
 * is stored is acknowledged; what is not, because too much waits or the database is away, the agents send again. So memory is
 * bounded whatever they send. Belongs to the coordinator's event loop.
 */
final class OutputWriter {
    /** What waits at most, in bytes. */
    static final long MOST_WAITING_BYTES = 64L << 20;

    private static final Logger LOG = LoggerFactory.getLogger(OutputWriter.class);
    private static final int BATCH_BYTES = 4 << 20;
    private static final int LARGEST_PART_BYTES = 64 << 10;
    private static final long SAVE_TIMEOUT_MILLIS = 5_000;
    private static final long UNKNOWN = -1;

    /** What waiting costs besides the bytes themselves, so that many small parts are bounded as well. */
    private static final int PART_COST_BYTES = 256;

    /** A statement that was given up has stored something after all, where this one wanted to store more. */
    private static final ServerException OVERTAKEN =
            ServerException.unavailable("output is in the database that an earlier statement has stored late");

    private final OutputStore store;
    private final FencedWrites writes;
    private final int limitBytes;
    private final Listener listener;
    private final Deque<Arrived> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private boolean saving;
    private boolean failing;
    private boolean termIsOver;

    /** Learns what became of the output. */
    interface Listener {
        /** So much of a channel is stored, from its start. */
        void stored(LiveJob job, OutputKey key, long end);

        /** No more is wanted of it. */
        void enough(LiveJob job, OutputKey key, long end);

        /** Something of these is new in the database. */
        void announced(LiveJob job, Set<OutputKey> keys);
    }

    private record Arrived(LiveJob job, OutputPart part) {
        private OutputKey key() {
            return new OutputKey(part.jobId(), part.node(), part.channel());
        }

        private int costBytes() {
            return part.data().length + PART_COST_BYTES;
        }
    }

    /**
     * @param limitBytes the most that is stored of a channel: what agents are told, and room for the notice that ends output
     *     which was cut off
     */
    OutputWriter(OutputStore store, FencedWrites writes, int limitBytes, Listener listener) {
        this.store = Objects.requireNonNull(store, "store");
        this.writes = Objects.requireNonNull(writes, "writes");
        this.limitBytes = limitBytes;
        this.listener = Objects.requireNonNull(listener, "listener");
    }

    /** Output of a node that runs the job. */
    void arrived(LiveJob job, OutputPart part) {
        Arrived arrived = new Arrived(job, part);
        if (termIsOver || waitingBytes + arrived.costBytes() > MOST_WAITING_BYTES) {
            return;
        }
        waiting.addLast(arrived);
        waitingBytes += arrived.costBytes();
        if (!saving) {
            saveNext();
        }
    }

    long waitingBytes() {
        return waitingBytes;
    }

    private void saveNext() {
        if (waiting.isEmpty()) {
            saving = false;
            return;
        }
        saving = true;
        List<Arrived> batch = nextBatch();
        learnEnds(batch)
                .compose(_ -> save(batch))
                .timeout(SAVE_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
                .onSuccess(tails -> stored(batch, tails))
                .onFailure(cause -> failed(batch, cause))
                .onComplete(_ -> saveNext());
    }

    private List<Arrived> nextBatch() {
        List<Arrived> batch = new ArrayList<>();
        for (int bytes = 0; bytes < BATCH_BYTES && !waiting.isEmpty(); ) {
            Arrived next = waiting.removeFirst();
            waitingBytes -= next.costBytes();
            bytes += next.costBytes();
            batch.add(next);
        }
        return batch;
    }

    /** Of a job that this server has started, nothing is there at first; of others the database knows. */
    private Future<Void> learnEnds(List<Arrived> batch) {
        Map<OutputKey, LiveJob> unknown = new LinkedHashMap<>();
        for (Arrived arrived : batch) {
            OutputKey key = arrived.key();
            long known = arrived.job.outputEnds().getOrDefault(key, arrived.job.isResumed() ? UNKNOWN : 0);
            if (known == UNKNOWN) {
                unknown.put(key, arrived.job);
            }
        }
        return unknown.isEmpty()
                ? Future.succeededFuture()
                : store.ends(List.copyOf(unknown.keySet()))
                        .onSuccess(found ->
                                unknown.forEach((key, job) -> job.outputEnds().put(key, found.getOrDefault(key, 0L))))
                        .mapEmpty();
    }

    private Future<Map<OutputKey, ChannelTail>> save(List<Arrived> batch) {
        Map<OutputKey, ChannelTail> tails = new LinkedHashMap<>();
        for (Arrived arrived : batch) {
            tails.computeIfAbsent(arrived.key(), key -> tail(arrived.job, key)).append(arrived.part);
        }
        List<OutputPart> parts =
                tails.values().stream().flatMap(tail -> tail.parts().stream()).toList();
        return parts.isEmpty()
                ? Future.succeededFuture(tails)
                : writes.append(parts)
                        .compose(all -> all ? Future.succeededFuture(tails) : Future.failedFuture(OVERTAKEN));
    }

    private ChannelTail tail(LiveJob job, OutputKey key) {
        return new ChannelTail(key, job.outputEnds().getOrDefault(key, 0L), limitBytes, LARGEST_PART_BYTES);
    }

    private void stored(List<Arrived> batch, Map<OutputKey, ChannelTail> tails) {
        failing = false;
        Map<LiveJob, Set<OutputKey>> keys = new LinkedHashMap<>();
        batch.forEach(arrived ->
                keys.computeIfAbsent(arrived.job, _ -> new LinkedHashSet<>()).add(arrived.key()));
        keys.forEach((job, ofJob) -> {
            for (OutputKey key : ofJob) {
                ChannelTail tail = tails.get(key);
                job.outputEnds().put(key, tail.end());
                if (tail.isFull()) {
                    listener.enough(job, key, tail.end());
                } else {
                    listener.stored(job, key, tail.end());
                }
            }
            Set<OutputKey> grown = ofJob.stream()
                    .filter(key -> !tails.get(key).parts().isEmpty())
                    .collect(Collectors.toSet());
            if (!grown.isEmpty()) {
                listener.announced(job, grown);
            }
        });
    }

    /** What is not acknowledged comes again; what the database will never take must not. */
    private void failed(List<Arrived> batch, Throwable cause) {
        // what was sent to the database may be there all the same
        batch.forEach(arrived -> arrived.job.outputEnds().put(arrived.key(), UNKNOWN));
        switch (WriteFailure.of(cause)) {
            case NOT_SENT, NOT_DONE, UNKNOWN, SUSPECT -> {
                if (!failing) {
                    failing = true;
                    LOG.warn("storing output failed, the agents will send it again [error: {}]", cause.getMessage());
                }
            }
            case REFUSED -> {
                LOG.error("the database refuses output, no more of it is taken [parts: {}]", batch.size(), cause);
                batch.forEach(arrived -> listener.enough(arrived.job, arrived.key(), 0));
            }
            case FENCED -> {
                // the agents send it to the server that has taken over
                termIsOver = true;
                waiting.clear();
                waitingBytes = 0;
            }
        }
    }
}
