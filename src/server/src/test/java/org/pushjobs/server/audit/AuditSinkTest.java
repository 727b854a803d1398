package org.pushjobs.server.audit;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.metrics.ServerMetrics;
import org.pushjobs.server.store.AuditRow;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.LogCapture;

class AuditSinkTest {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Vertx vertx = Vertx.vertx();
    private final List<String> written = Collections.synchronizedList(new ArrayList<>());
    private final List<Integer> batches = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger attempts = new AtomicInteger();
    private volatile Optional<Promise<Void>> held = Optional.empty();
    private volatile Optional<RuntimeException> failure = Optional.empty();
    private final AuditSink sink = new AuditSink("test", vertx, this::write, new ServerMetrics(registry));

    @AfterEach
    void close() {
        Await.result(vertx.close());
    }

    private Future<Void> write(List<AuditRow> rows) {
        attempts.incrementAndGet();
        if (failure.isPresent() && rows.stream().anyMatch(row -> row.requestId().startsWith("bad"))) {
            return Future.failedFuture(failure.get());
        }
        return held.<Future<Void>>map(Promise::future)
                .orElseGet(Future::succeededFuture)
                .onSuccess(_ -> {
                    batches.add(rows.size());
                    rows.forEach(row -> written.add(row.requestId()));
                });
    }

    private void offer(int from, int to) {
        IntStream.range(from, to).forEach(i -> sink.offer(AuditRows.row("r" + i)));
    }

    private static List<String> names(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "r" + i).toList();
    }

    @Test
    void linesAreWrittenInOrderAndWhatComesMeanwhileInOneBatch() {
        Promise<Void> first = Promise.promise();
        held = Optional.of(first);

        offer(0, 1);
        Await.until("the first line is being written", () -> attempts.get() == 1);
        offer(1, 100);
        held = Optional.empty();
        first.complete();

        Await.until("all written", () -> written.size() == 100);
        assertThat(written).isEqualTo(names(0, 100));
        assertThat(batches).containsExactly(1, 99);
        Await.result(sink.drained());
        assertThat(registry.scrape()).contains("pushjobs_audit_lines_total{outcome=\"written\",sink=\"test\"} 100.0");
    }

    @Test
    void linesThatComeOneByOneAreGathered() throws InterruptedException {
        for (int i = 0; i < 200; i++) {
            offer(i, i + 1);
            Thread.sleep(1);
        }

        Await.until("all written", () -> written.size() == 200);
        assertThat(written).isEqualTo(names(0, 200));
        assertThat(batches).hasSizeLessThan(150);
    }

    @Test
    void linesWaitWhileWritingFailsAndNoneIsLostOrTwice() {
        try (LogCapture log = new LogCapture(AuditSink.class)) {
            failure = Optional.of(ServerException.unavailable("away"));
            sink.offer(AuditRows.row("bad"));
            Await.until("the first attempt", () -> attempts.get() == 1);
            offer(0, 1_200);
            assertThat(written).isEmpty();

            failure = Optional.empty();

            Await.until("all written", () -> written.size() == 1_201);
            assertThat(written.subList(1, 1_201)).isEqualTo(names(0, 1_200));
            assertThat(log.messages(Level.WARN))
                    .containsExactly(
                            "audit lines cannot be written, they wait [to: test, error: away]",
                            "audit lines are written again [to: test, waiting: 701, lost: 0]");
        }
    }

    @Test
    void linesBeyondTheBoundAreLostCountedAndLogged() {
        try (LogCapture log = new LogCapture(AuditSink.class)) {
            failure = Optional.of(ServerException.unavailable("away"));
            sink.offer(AuditRows.row("bad"));
            Await.until("the first attempt", () -> attempts.get() == 1);

            offer(0, AuditSink.CAPACITY + 4);

            assertThat(registry.scrape())
                    .contains("pushjobs_audit_lines_total{outcome=\"lost\",sink=\"test\"} 5.0")
                    .contains("pushjobs_queue_depth{queue=\"audit_test\"} 10000.0");
            assertThat(log.messages(Level.ERROR))
                    .containsExactly("audit lines are lost, too many wait to be written [to: test, waiting: 10000]");

            failure = Optional.empty();

            Await.until("all written", () -> written.size() == AuditSink.CAPACITY);
            assertThat(log.messages(Level.WARN))
                    .last()
                    .isEqualTo("audit lines are written again [to: test, waiting: 9500, lost: 5]");
        }
    }

    @Test
    void onlyTheLineThatIsRefusedForGoodIsLost() {
        try (LogCapture log = new LogCapture(AuditSink.class)) {
            Promise<Void> first = Promise.promise();
            held = Optional.of(first);
            failure = Optional.of(new IllegalArgumentException("no such column"));
            offer(0, 1);
            Await.until("the first line is being written", () -> attempts.get() == 1);
            offer(1, 10);
            sink.offer(AuditRows.row("bad"));
            offer(10, 20);

            held = Optional.empty();
            first.complete();

            Await.until("all written", () -> written.size() == 20);
            assertThat(written).isEqualTo(names(0, 20));
            assertThat(log.messages(Level.ERROR)).singleElement().asString().contains("request: bad");
            assertThat(registry.scrape()).contains("pushjobs_audit_lines_total{outcome=\"lost\",sink=\"test\"} 1.0");
        }
    }
}
