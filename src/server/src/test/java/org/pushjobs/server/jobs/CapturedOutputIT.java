package org.pushjobs.server.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.protocol.message.JobSpec;
import org.pushjobs.protocol.message.Output;
import org.pushjobs.server.jobs.model.Channel;
import org.pushjobs.server.jobs.model.JobChanges;
import org.pushjobs.server.jobs.model.JobStatus;
import org.pushjobs.server.jobs.model.JobTerms;
import org.pushjobs.server.jobs.model.NewJob;
import org.pushjobs.server.store.Database;
import org.pushjobs.server.store.FencedWrites;
import org.pushjobs.server.store.JobStore;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.PostgresExtension;

/** A job on many nodes of protocol 2.0 that all send their output at once, with PostgreSQL and a real temporary file. */
@ExtendWith(PostgresExtension.class)
class CapturedOutputIT {
    private static final String ORG = "0123456789abcdef0123456789abcdef";
    private static final int NODES = 2_000;
    private static final int BYTES = 60_000;

    private final Vertx vertx = Vertx.vertx();
    private Database database;
    private FencedWrites store;

    @BeforeEach
    void open(DatabaseConfig.External config) {
        database = Database.open(vertx, config);
        Await.result(database.ready());
        store = new FencedWrites(database.writes(), 0);
    }

    @AfterEach
    void close() {
        Await.result(database.close());
        Await.result(vertx.close());
    }

    @Test
    void allOutputOfTwoThousandNodesIsStoredAndOtherJobsAreNotHeldUp() {
        // given
        List<String> nodes =
                IntStream.range(0, NODES).mapToObj(n -> "node-" + n).toList();
        NewJob big = job(nodes);
        NewJob small = job(List.of("other"));
        Await.result(store.save(List.of(big, small), List.of()));
        LiveJob bigJob = LiveJob.create(big);
        AtomicInteger stored = new AtomicInteger();
        AtomicLong mostInHeap = new AtomicLong();
        AtomicLong slowestMillis = new AtomicLong();
        FileSpill spill = new FileSpill(vertx);

        // when: all results come in one moment
        vertx.getOrCreateContext().runOnContext(_ -> {
            ResultWriter writer = new ResultWriter(Schedule.of(vertx), store, Clock.systemUTC(), spill);
            Random random = new Random(1);
            for (String node : nodes) {
                writer.store(bigJob, node, output(random), new ResultWriter.Answer() {
                    @Override
                    public void stored(Output output) {
                        stored.incrementAndGet();
                    }

                    @Override
                    public void dropped(String reason) {
                        throw new AssertionError(reason);
                    }
                });
                mostInHeap.accumulateAndGet(writer.inHeapBytes(), Math::max);
            }
        });

        // then: another job is stored quickly all the time
        long revision = 0;
        Instant deadline = Instant.now().plus(Duration.ofSeconds(120));
        while (stored.get() < NODES && Instant.now().isBefore(deadline)) {
            long begin = System.nanoTime();
            JobChanges change = new JobChanges(
                    small.id(),
                    ORG,
                    ++revision,
                    Optional.of(JobStatus.RUNNING),
                    Map.of(),
                    Map.of(),
                    List.of(),
                    Instant.now());
            Await.result(store.save(List.of(), List.of(change)));
            slowestMillis.accumulateAndGet((System.nanoTime() - begin) / 1_000_000, Math::max);
        }
        assertThat(stored).hasValue(NODES);
        assertThat(mostInHeap.get()).isLessThan(ResultWriter.MOST_WAITING_BYTES + ResultWriter.MOST_MOVING_BYTES);
        assertThat(slowestMillis.get()).as("another job's save, in ms").isLessThan(2_000);
        Random random = new Random(1);
        for (String node : nodes) {
            String expected = output(random).stdout();
            assertThat(new String(
                            Await.result(new JobStore(database.pool()).output(ORG, big.id(), node, Channel.STDOUT))
                                    .orElseThrow()))
                    .isEqualTo(expected);
        }
        spill.close();
    }

    private static NewJob job(List<String> nodes) {
        JobSpec spec = new JobSpec("x", Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), true);
        return new NewJob(JobId.next(ORG), ORG, "alice", new JobTerms(spec, nodes, 1, 60), Instant.now());
    }

    /** Of words, as output is. */
    private static Output output(Random random) {
        String line =
                random.ints(15, 0, 100_000).mapToObj(Integer::toString).collect(Collectors.joining(" ", "", "\n"));
        return new Output(line.repeat(BYTES / line.length()), "");
    }
}
