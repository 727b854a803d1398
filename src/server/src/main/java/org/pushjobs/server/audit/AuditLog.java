package org.pushjobs.server.audit;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.pushjobs.server.metrics.ServerMetrics;
import org.pushjobs.server.store.AuditRow;
import org.pushjobs.server.store.AuditStore;

/**
 * The audit log: every line goes to the table and, where one is configured, to the file, each in its own time
 * (docs/operations.md, "Audit log"). Usable from any thread.
 */
public final class AuditLog implements AuditTrail {
    private static final long CLOSE_TIMEOUT_SECONDS = 2;

    private final List<AuditSink> sinks = new ArrayList<>();

    /** @param file gets each line as JSON too */
    public AuditLog(Vertx vertx, AuditStore store, Optional<Path> file, ServerMetrics metrics) {
        sinks.add(new AuditSink("table", vertx, store::append, metrics));
        file.map(AuditFile::new)
                .ifPresent(lines -> sinks.add(new AuditSink(
                        "file",
                        vertx,
                        rows -> vertx.executeBlocking(() -> {
                            lines.append(rows);
                            return null;
                        }),
                        metrics)));
    }

    @Override
    public void record(AuditRow row) {
        sinks.forEach(sink -> sink.offer(row));
    }

    /** Waits until what was recorded is written, 2 s at most; what is not then is lost, and the log says so. */
    public Future<Void> close() {
        return Future.join(sinks.stream().map(AuditSink::drained).toList())
                .timeout(CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .<Void>mapEmpty()
                .otherwiseEmpty()
                .onComplete(_ -> sinks.forEach(AuditSink::close));
    }
}
