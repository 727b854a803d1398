package org.pushjobs.server.audit;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.metrics.AuditMetrics;
import org.pushjobs.server.metrics.ServerMetrics;
import org.pushjobs.server.store.AuditRow;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes lines in order and in batches: one batch at a time, and what comes meanwhile is the next one. After a batch
 * that was not full it waits {@value #GATHER_MILLIS} ms, so that lines that come one by one share a statement. While writing
 * fails it is tried again and lines wait, up to {@value #CAPACITY}; further ones are lost, counted, and the log says so when
 * it begins and when it ends. Usable from any thread.
 */
final class AuditSink {
    static final int CAPACITY = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(AuditSink.class);
    private static final int MAX_BATCH = 500;
    private static final long GATHER_MILLIS = 20;
    private static final long WRITE_TIMEOUT_MILLIS = 10_000;
    private static final long FIRST_RETRY_MILLIS = 200;
    private static final long MAX_RETRY_MILLIS = 10_000;

    private final String name;
    private final Vertx vertx;
    /** Its own: work on that of a request ends when the API is undeployed. */
    private final Context context;

    private final Function<List<AuditRow>, Future<Void>> writer;
    private final AuditMetrics metrics;
    private final ArrayDeque<AuditRow> waiting = new ArrayDeque<>();
    private boolean writing;
    private boolean failing;
    private int batchSize = MAX_BATCH;
    private long lost;
    private Promise<Void> drained = Promise.promise();

    /** @param writer stores all or, as far as anybody can know, nothing */
    AuditSink(String name, Vertx vertx, Function<List<AuditRow>, Future<Void>> writer, ServerMetrics metrics) {
        this.name = Objects.requireNonNull(name, "name");
        this.vertx = Objects.requireNonNull(vertx, "vertx");
        this.context = vertx.getOrCreateContext();
        this.writer = Objects.requireNonNull(writer, "writer");
        this.metrics = new AuditMetrics(metrics, name);
        metrics.watchQueue("audit_" + name, this::size);
    }

    private synchronized int size() {
        return waiting.size();
    }

    /** Takes a line, or loses it when too many wait. */
    void offer(AuditRow row) {
        synchronized (this) {
            if (waiting.size() >= CAPACITY) {
                lose(1);
                return;
            }
            waiting.addLast(row);
            if (writing) {
                return;
            }
            writing = true;
        }
        context.runOnContext(_ -> writeNext(FIRST_RETRY_MILLIS));
    }

    private void lose(long lines) {
        metrics.lost(lines);
        if (lost == 0) {
            LOG.error("audit lines are lost, too many wait to be written [to: {}, waiting: {}]", name, waiting.size());
        }
        lost += lines;
    }

    /** Succeeds as soon as nothing waits. */
    synchronized Future<Void> drained() {
        if (!writing) {
            return Future.succeededFuture();
        }
        return drained.future();
    }

    /** Gives up what still waits. */
    synchronized void close() {
        if (!waiting.isEmpty()) {
            metrics.lost(waiting.size());
            LOG.error("audit lines are lost, the server stops [to: {}, lines: {}]", name, waiting.size());
            waiting.clear();
        }
    }

    private void writeNext(long retryMillis) {
        List<AuditRow> batch;
        boolean full;
        synchronized (this) {
            batch = waiting.stream().limit(batchSize).toList();
            if (batch.isEmpty()) {
                writing = false;
                drained.complete();
                drained = Promise.promise();
                return;
            }
            full = batch.size() == batchSize;
        }
        writer.apply(batch)
                .timeout(WRITE_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
                .onSuccess(_ -> {
                    written(batch.size());
                    if (full) {
                        writeNext(FIRST_RETRY_MILLIS);
                    } else {
                        vertx.setTimer(GATHER_MILLIS, _ -> writeNext(FIRST_RETRY_MILLIS));
                    }
                })
                .onFailure(failure -> failed(batch, failure, retryMillis));
    }

    private synchronized void written(int lines) {
        remove(lines);
        metrics.written(lines);
        batchSize = MAX_BATCH;
        if (failing || lost > 0 && waiting.size() <= CAPACITY / 2) {
            failing = false;
            LOG.warn("audit lines are written again [to: {}, waiting: {}, lost: {}]", name, waiting.size(), lost);
            lost = 0;
        }
    }

    private void failed(List<AuditRow> batch, Throwable failure, long retryMillis) {
        if (isTemporary(failure)) {
            synchronized (this) {
                if (!failing) {
                    failing = true;
                    LOG.warn(
                            "audit lines cannot be written, they wait [to: {}, error: {}]", name, failure.getMessage());
                }
            }
            vertx.setTimer(retryMillis, _ -> writeNext(Math.min(2 * retryMillis, MAX_RETRY_MILLIS)));
            return;
        }
        synchronized (this) {
            if (batch.size() == 1) {
                AuditRow row = batch.getFirst();
                LOG.error(
                        "an audit line is refused and lost [to: {}, entry: {}, action: {}, request: {}]",
                        name,
                        row.entryId(),
                        row.action(),
                        row.requestId(),
                        failure);
                remove(1);
                metrics.lost(1);
            } else {
                // one of them is to blame; the others are not to be lost with it
                batchSize = 1;
            }
        }
        writeNext(FIRST_RETRY_MILLIS);
    }

    private void remove(int lines) {
        for (int i = 0; i < lines; i++) {
            waiting.pollFirst();
        }
    }

    private static boolean isTemporary(Throwable failure) {
        return switch (failure) {
            case ServerException refusal -> refusal.status() == ServerException.UNAVAILABLE;
            case TimeoutException _, IOException _ -> true;
            default -> false;
        };
    }
}
