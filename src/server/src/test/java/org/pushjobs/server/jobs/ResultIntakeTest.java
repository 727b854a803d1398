package org.pushjobs.server.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.pushjobs.protocol.message.Ending;
import org.pushjobs.protocol.message.JobSpec;
import org.pushjobs.protocol.message.Output;
import org.pushjobs.server.jobs.machine.JobEvent;
import org.pushjobs.server.jobs.model.JobStatus;
import org.pushjobs.server.jobs.model.JobTerms;
import org.pushjobs.server.jobs.model.NewJob;
import org.pushjobs.server.jobs.model.NodeStatus;
import org.pushjobs.server.jobs.model.OutputState;
import org.pushjobs.server.testing.Silence;

/** Results with output, as agents of protocol 2.0 send them, while the database is quick, slow, away or ill. */
class ResultIntakeTest {
    private static final String ORG = "0123456789abcdef0123456789abcdef";
    private static final int BIG = 60_000;

    private final VirtualSchedule schedule = new VirtualSchedule();
    private final Counting spill = new Counting();

    /** Bytes that are all the same, so that it needs no room itself. */
    private final class Counting implements Spill {
        private long mostBytes;
        private boolean full;

        @Override
        public Future<Void> write(long position, byte[] data) {
            mostBytes = Math.max(mostBytes, position + data.length);
            return full ? schedule.within(1_000, Future.failedFuture(new IOException("no space left"))) : later();
        }

        @Override
        public Future<byte[]> read(long position, int length) {
            byte[] data = new byte[length];
            Arrays.fill(data, (byte) 'x');
            return later().map(data);
        }

        @Override
        public void clear() {}

        private Future<Void> later() {
            Promise<Void> done = Promise.promise();
            schedule.after(1, done::complete);
            return done.future();
        }
    }

    @Test
    void tenThousandResultsOfSixtyThousandBytesWaitOutsideTheHeapAndAllAreStored() {
        Jobs jobs = new Jobs(new Random(1), 10_000);
        jobs.store.become(ModelStore.Mode.HANGING);

        long most = 0;
        for (int n = 0; n < 10_000; n++) {
            jobs.succeeds("node-" + n, BIG);
            if (n % 10 == 0) {
                schedule.pass(2);
            }
            most = Math.max(most, jobs.writer.inHeapBytes());
        }
        assertThat(most).isLessThan(ResultWriter.MOST_WAITING_BYTES + ResultWriter.MOST_MOVING_BYTES);
        assertThat(spill.mostBytes).isGreaterThan(400_000_000L);

        jobs.store.become(ModelStore.Mode.HEALTHY);
        schedule.pass(600_000);
        assertThat(jobs.writer.isIdle()).isTrue();
        assertThat(jobs.advanced).hasSize(10_000);
        IntStream.range(0, 10_000)
                .forEach(n -> assertThat(jobs.store.hasOutput(jobs.job.id(), "node-" + n))
                        .isTrue());
        assertThat(jobs.job.machine().status()).isEqualTo(JobStatus.COMPLETE);
    }

    @Test
    void outputThatTheServerHasNoRoomForIsDroppedAndSaysSo() {
        Jobs jobs = new Jobs(new Random(1), 1_000);
        jobs.store.become(ModelStore.Mode.HANGING);
        spill.full = true;
        for (int n = 0; n < 1_000; n++) {
            jobs.succeeds("node-" + n, BIG);
        }
        schedule.pass(100);
        jobs.store.become(ModelStore.Mode.HEALTHY);
        schedule.pass(600_000);

        Map<OutputState, List<String>> reasons = new HashMap<>();
        jobs.job
                .takeUnsaved(schedule.clock().instant())
                .changes()
                .nodes()
                .values()
                .forEach(change -> reasons.computeIfAbsent(change.output(), _ -> new ArrayList<>())
                        .add(change.reason().orElse("")));
        assertThat(jobs.job.machine().status()).isEqualTo(JobStatus.COMPLETE);
        assertThat(reasons).containsKeys(new OutputState.Dropped(), new OutputState.Kept(BIG, 0));
        assertThat(reasons.get(new OutputState.Dropped())).allMatch(reason -> reason.contains("no space left"));
    }

    @Test
    void roomInTheTemporaryFileThatCouldNotBeWrittenIsUsedAgain() {
        Jobs jobs = new Jobs(new Random(1), 2_000);
        jobs.store.become(ModelStore.Mode.HANGING);
        spill.full = true;
        IntStream.range(0, 1_000).forEach(n -> jobs.succeeds("node-" + n, BIG));
        spill.full = false;
        spill.mostBytes = 0;

        IntStream.range(1_000, 2_000).forEach(n -> jobs.succeeds("node-" + n, BIG));

        assertThat(spill.mostBytes).isPositive().isLessThanOrEqualTo(1_000L * BIG);
    }

    @Test
    void resultThatFailsDoesNotKeepTheOthersOrTheTimeoutOfItsJobBack() {
        Jobs jobs = new Jobs(new Random(1), 3);
        jobs.broken = Optional.of("node-1");
        jobs.store.become(ModelStore.Mode.AWAY);
        IntStream.range(0, 3).forEach(n -> jobs.succeeds("node-" + n, 10));
        jobs.happens(new JobEvent.RunTimeout());

        Silence.of(ResultWriter.class, () -> {
            jobs.store.become(ModelStore.Mode.HEALTHY);
            schedule.pass(10_000);
        });

        assertThat(jobs.job.machine().nodes())
                .containsEntry("node-0", NodeStatus.SUCCEEDED)
                .containsEntry("node-2", NodeStatus.SUCCEEDED);
        assertThat(jobs.job.machine().status()).isEqualTo(JobStatus.TIMED_OUT);
        assertThat(jobs.intake.jobs()).isZero();
    }

    @Test
    void outputThatIsNotStoredIsALagAndThatMuchWaitsIsNone() {
        Jobs jobs = new Jobs(new Random(1), 2_000);
        assertThat(jobs.writer.stalled()).isZero();
        jobs.store.become(ModelStore.Mode.HANGING);
        IntStream.range(0, 2_000).forEach(n -> jobs.succeeds("node-" + n, BIG));
        schedule.pass(20_000);
        assertThat(jobs.writer.stalled()).isEqualTo(Duration.ofSeconds(20));

        jobs.store.become(ModelStore.Mode.HEALTHY);
        for (int millis = 0; millis < 60_000 && jobs.advanced.isEmpty(); millis++) {
            schedule.pass(1);
        }
        assertThat(jobs.writer.isIdle()).isFalse();
        assertThat(jobs.writer.stalled()).isLessThan(Duration.ofSeconds(1));
        schedule.pass(600_000);
        assertThat(jobs.writer.stalled()).isZero();
    }

    @Test
    void nodeThatSaysEverMoreBehindItsResultTakesNoMoreRoom() {
        Jobs jobs = new Jobs(new Random(1), 2);
        jobs.store.become(ModelStore.Mode.AWAY);
        jobs.succeeds("node-0", 10);
        for (int code = 0; code < 10_000; code++) {
            jobs.happens(new JobEvent.Failed(
                    "node-0",
                    Optional.empty(),
                    Optional.of(new Ending(code, Optional.empty(), false, Optional.empty()))));
        }

        jobs.store.become(ModelStore.Mode.HEALTHY);
        schedule.pass(10_000);

        assertThat(jobs.happened).isLessThan(50);
        assertThat(jobs.job.machine().nodes()).containsEntry("node-0", NodeStatus.SUCCEEDED);
    }

    @Test
    void runTimeoutAndSilenceWaitBehindAResultThatIsBeingStored() {
        Jobs jobs = new Jobs(new Random(1), 2);
        jobs.store.become(ModelStore.Mode.AWAY);
        jobs.succeeds("node-0", 10);
        jobs.happens(new JobEvent.ReportsIdle("node-0"));
        jobs.happens(new JobEvent.Down("node-0"));
        jobs.happens(new JobEvent.RunTimeout());
        schedule.pass(1_000);
        assertThat(jobs.job.machine().nodes()).containsEntry("node-0", NodeStatus.RUNNING);

        jobs.store.become(ModelStore.Mode.HEALTHY);
        schedule.pass(10_000);

        assertThat(jobs.job.machine().nodes()).containsEntry("node-0", NodeStatus.SUCCEEDED);
        assertThat(jobs.job.machine().status()).isEqualTo(JobStatus.TIMED_OUT);
        assertThat(jobs.intake.jobs()).isZero();
    }

    @Test
    void resultsOfATermThatIsOverAreLeftToTheNextOne() {
        Jobs jobs = new Jobs(new Random(1), 20_000);
        jobs.store.endTerm();
        IntStream.range(0, 1_000).forEach(n -> jobs.succeeds("node-" + n, BIG));
        schedule.pass(60_000);
        long waiting = jobs.writer.waitingBytes();

        IntStream.range(1_000, 20_000).forEach(n -> jobs.succeeds("node-" + n, BIG));
        schedule.pass(60_000);

        assertThat(jobs.happened).as("neither stored nor dropped").isZero();
        assertThat(jobs.writer.waitingBytes()).isLessThanOrEqualTo(waiting);
        assertThat(jobs.writer.isIdle()).isTrue();
    }

    @Property(tries = 300)
    void resultCountsOnceItsOutputIsStoredWhateverTheDatabaseDoes(@ForAll long seed) {
        Silence.of(ResultWriter.class, () -> sendResults(seed));
    }

    private void sendResults(long seed) {
        Random random = new Random(seed);
        Jobs jobs = new Jobs(random, 40);
        Set<String> done = new HashSet<>();
        for (int step = 0; step < 80; step++) {
            switch (random.nextInt(4)) {
                case 0, 1 -> {
                    String node = "node-" + random.nextInt(40);
                    if (done.add(node)) {
                        jobs.succeeds(node, random.nextInt(3) * 1_000_000);
                    } else {
                        jobs.happens(new JobEvent.ReportsIdle(node));
                    }
                }
                case 2 -> jobs.store.become(ModelStore.Mode.values()[random.nextInt(ModelStore.Mode.values().length)]);
                default -> schedule.pass(random.nextInt(3_000));
            }
        }
        jobs.store.become(ModelStore.Mode.HEALTHY);
        schedule.pass(600_000);

        assertThat(jobs.writer.isIdle()).isTrue();
        assertThat(jobs.store.mostFailuresInTenSeconds()).isLessThan(120);
        done.forEach(node -> assertThat(jobs.job.machine().nodes()).containsEntry(node, NodeStatus.SUCCEEDED));
    }

    /** A running job that captures. */
    private final class Jobs implements ResultIntake.Sink {
        private final ModelStore store;
        private final ResultWriter writer;
        private final ResultIntake intake;
        private final LiveJob job;
        private final Set<String> advanced = new HashSet<>();
        private int happened;
        private Optional<String> broken = Optional.empty();

        private Jobs(Random random, int nodes) {
            store = new ModelStore(schedule, random);
            writer = new ResultWriter(schedule, store, schedule.clock(), spill);
            intake = new ResultIntake(writer, this);
            List<String> names =
                    IntStream.range(0, nodes).mapToObj(n -> "node-" + n).toList();
            JobSpec spec =
                    new JobSpec("x", Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), true);
            Instant now = schedule.clock().instant();
            NewJob facts = new NewJob(JobId.next(ORG), ORG, "alice", new JobTerms(spec, names, nodes, 60), now);
            job = LiveJob.create(facts);
            job.apply(new JobEvent.Started(), now);
            names.forEach(name -> job.apply(new JobEvent.AckCommit(name), now));
            names.forEach(name -> job.apply(new JobEvent.AckRun(name), now));
            store.save(List.of(facts), List.of());
            schedule.pass(1_000);
            job.takeUnsaved(now);
        }

        private void succeeds(String node, int bytes) {
            happens(new JobEvent.Succeeded(node, Optional.of(new Output("x".repeat(bytes), ""))));
        }

        private void happens(JobEvent event) {
            intake.arrived(job, event, schedule.clock().instant());
        }

        @Override
        public void advance(LiveJob ofJob, JobEvent event, Instant at) {
            happened++;
            if (event instanceof JobEvent.Succeeded(String node, Optional<Output> output, var _)) {
                broken.filter(node::equals).ifPresent(_ -> {
                    throw new IllegalStateException("a fault of ours");
                });
                advanced.add(node);
                output.ifPresent(_ -> assertThat(store.hasOutput(job.id(), node))
                        .as("the output is stored first")
                        .isTrue());
            }
            job.apply(event, at);
        }

        @Override
        public void explain(LiveJob ofJob, String node, String reason) {
            job.explainMissingOutput(node, reason);
        }
    }
}
