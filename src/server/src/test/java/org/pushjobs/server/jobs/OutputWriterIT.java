package org.pushjobs.server.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.protocol.message.JobSpec;
import org.pushjobs.server.jobs.model.Channel;
import org.pushjobs.server.jobs.model.JobTerms;
import org.pushjobs.server.jobs.model.NewJob;
import org.pushjobs.server.jobs.model.OutputKey;
import org.pushjobs.server.jobs.model.OutputPart;
import org.pushjobs.server.store.Database;
import org.pushjobs.server.store.FencedWrites;
import org.pushjobs.server.store.OutputStore;
import org.pushjobs.server.store.StaleEpochException;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.PostgresExtension;
import org.pushjobs.server.time.Schedule;

@ExtendWith(PostgresExtension.class)
class OutputWriterIT {
    private static final String JOB = "0123456789abcdef0123456789abcde7";
    private static final OutputKey STDOUT = new OutputKey(JOB, "web-1", Channel.STDOUT);

    private final Vertx vertx = Vertx.vertx();
    private final Context loop = vertx.getOrCreateContext();
    private final Map<OutputKey, Long> acknowledged = new ConcurrentHashMap<>();
    private Database database;
    private OutputStore outputs;
    private FencedWrites writes;
    private OutputWriter writer;
    private LiveJob job;

    @BeforeEach
    void open(DatabaseConfig.External config) {
        database = Database.open(
                vertx,
                new DatabaseConfig.External(
                        config.host(), config.port(), config.database(), config.user(), config.password(), 1));
        Await.result(database.ready());
        outputs = new OutputStore(database.pool(), database.writes());
        writes = new FencedWrites(database.writes(), 0);
        writer = new OutputWriter(Schedule.of(vertx), writes, outputs, 1_000_000, new Acknowledgements());
        JobSpec spec = new JobSpec("x", Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), true);
        NewJob facts = new NewJob(
                JOB,
                "0123456789abcdef0123456789abcdef",
                "alice",
                new JobTerms(spec, List.of("web-1"), 1, 60),
                Instant.parse("2026-11-22T10:00:00Z"));
        Await.result(writes.save(List.of(facts), List.of()));
        job = LiveJob.create(facts);
    }

    @AfterEach
    void close() {
        Await.result(database.close());
        Await.result(vertx.close());
    }

    private final class Acknowledgements implements OutputWriter.Listener {
        @Override
        public void stored(LiveJob ofJob, OutputKey key, long end) {
            acknowledged.put(key, end);
        }

        @Override
        public void enough(LiveJob ofJob, OutputKey key, long end) {
            throw new AssertionError("output was refused");
        }

        @Override
        public void announced(LiveJob ofJob, Set<OutputKey> keys) {}
    }

    private static OutputPart part(String text) {
        return new OutputPart(JOB, "web-1", Channel.STDOUT, 0, text.getBytes(StandardCharsets.UTF_8));
    }

    private String inDatabase() {
        return Await.result(outputs.after(STDOUT, 0, 10)).stream()
                .map(found -> new String(found.data(), StandardCharsets.UTF_8))
                .collect(Collectors.joining());
    }

    @Test
    void outputIsNotAcknowledgedWhereAStatementThatWasGivenUpCameFirst() {
        // given: what was given up, and had not arrived when the ends were asked for
        Await.result(writes.append(List.of(part("abc"))));

        // when: the agent sends it again, with more, until it is acknowledged
        Await.until("the acknowledgement", () -> {
            loop.runOnContext(_ -> writer.arrived(job, part("abcdef")));
            return acknowledged.containsKey(STDOUT);
        });

        // then
        assertThat(acknowledged).containsEntry(STDOUT, 6L);
        assertThat(inDatabase()).isEqualTo("abcdef");
    }

    @Test
    void outputOfATermThatIsOverIsLeftToTheNextOne() {
        loop.runOnContext(_ -> writer.arrived(job, part("abc")));
        Await.until("the acknowledgement", () -> acknowledged.containsKey(STDOUT));

        // when: there is one connection, so what comes after it has been answered after it
        raiseEpoch(1);
        loop.runOnContext(_ -> writer.arrived(job, part("abcdef")));
        assertThat(Await.failure(onLoop(() -> writes.append(List.of(part("abcdef"))))))
                .isInstanceOf(StaleEpochException.class);

        // then: it does not even try
        raiseEpoch(0);
        loop.runOnContext(_ -> writer.arrived(job, part("abcdef")));
        long waiting = Await.result(onLoop(() -> writes.append(List.of()).map(_ -> writer.waitingBytes())));
        assertThat(waiting).isZero();
        assertThat(acknowledged).containsEntry(STDOUT, 3L);
        assertThat(inDatabase()).isEqualTo("abc");
    }

    private void raiseEpoch(int epoch) {
        Await.result(database.pool()
                .query("update coordinator_epoch set epoch = " + epoch)
                .execute());
    }

    private <T> Future<T> onLoop(Supplier<Future<T>> action) {
        Promise<T> done = Promise.promise();
        loop.runOnContext(_ -> action.get().onComplete(done));
        return done.future();
    }

    @Test
    void manySmallPartsDoNotWaitWithoutABound() {
        CompletableFuture<Long> waiting = new CompletableFuture<>();

        loop.runOnContext(_ -> {
            for (int i = 0; i < 1_000_000; i++) {
                writer.arrived(job, part("x"));
            }
            waiting.complete(writer.waitingBytes());
        });

        assertThat(waiting)
                .succeedsWithin(Duration.ofSeconds(60), InstanceOfAssertFactories.LONG)
                .isBetween(OutputWriter.MOST_WAITING_BYTES - 1_000, OutputWriter.MOST_WAITING_BYTES);
    }
}
