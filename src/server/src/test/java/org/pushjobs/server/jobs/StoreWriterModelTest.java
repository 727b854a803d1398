package org.pushjobs.server.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
import net.jqwik.api.statistics.Statistics;
import org.junit.jupiter.api.Test;
import org.pushjobs.protocol.message.JobSpec;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.jobs.machine.JobEvent;
import org.pushjobs.server.jobs.model.JobChanges;
import org.pushjobs.server.jobs.model.JobStatus;
import org.pushjobs.server.jobs.model.JobTerms;
import org.pushjobs.server.jobs.model.NewJob;
import org.pushjobs.server.jobs.model.NodeStatus;
import org.pushjobs.server.testing.Silence;

/**
 * The writer against a database that acknowledges, refuses, hangs, loses answers, carries statements out late and in another
 * order, or is away, while jobs are created and go on. What must hold is checked at every step: what is carried out is stored,
 * in order, all of it; what is said about a creation is true, and stays true; the dead stay dead; no loop is without a pause.
 */
class StoreWriterModelTest {
    private static final String ORG = "0123456789abcdef0123456789abcdef";

    @Property(tries = 2_000)
    void writerKeepsItsPromisesWhateverTheDatabaseDoes(@ForAll long seed) {
        Life life = new Life(seed);
        Silence.of(StoreWriter.class, () -> {
            for (int step = 0; step < 120; step++) {
                life.step();
            }
            life.end();
        });
        Statistics.label("jobs not started, as was said")
                .collect(life.notStarted > 0)
                .coverage(coverage -> coverage.check(true).percentage(share -> share > 10));
        Statistics.label("jobs of which nothing is known, as was said")
                .collect(life.unknown > 0)
                .coverage(coverage -> coverage.check(true).percentage(share -> share > 10));
        Statistics.label("jobs given up")
                .collect(life.unstorable > 0)
                .coverage(coverage -> coverage.check(true).percentage(share -> share > 5));
    }

    @Property(tries = 1_000)
    void nothingIsWrittenOrPromisedOnceTheTermIsOver(@ForAll long seed) {
        Life life = new Life(seed);
        Silence.of(StoreWriter.class, () -> {
            for (int step = 0; step < 60; step++) {
                life.step();
            }
            life.store.endTerm();
            for (int step = 0; step < 30; step++) {
                life.step();
            }
            life.endOfTerm();
        });
    }

    @Test
    void whoAsksForAJobWhenTheTermIsOverIsAnsweredAtOnce() {
        Life life = new Life(1);
        life.store.endTerm();
        LiveJob first = life.create(1);
        life.schedule.pass(100);
        assertThat(life.answers.get(first)).startsWith("the job was not started: another server has taken over");

        LiveJob second = life.create(1);

        assertThat(life.answers.get(second)).startsWith("the job was not started: another server has taken over");
    }

    @Test
    void creationThatArrivesBeforeARetryIsRefusedInTime() {
        Life life = new Life(1);
        LiveJob first = life.create(1);
        life.schedule.pass(100);
        life.store.become(ModelStore.Mode.HANGING);
        life.happens(first, new JobEvent.AckCommit("node-0"));
        life.schedule.pass(5_100);

        // when: the save has timed out once, and waits to be tried again
        LiveJob second = life.create(1);
        life.schedule.pass(Coordinator.ANSWER_MILLIS);

        // then
        assertThat(life.answers.get(second)).startsWith("the job was not started");
        life.end();
    }

    @Test
    void jobThatFailsForEverDoesNotKeepTheOthersFromBeingStored() {
        Life life = new Life(2);
        LiveJob ill = life.create(1);
        LiveJob healthy = life.create(1);
        life.schedule.pass(100);
        life.store.poison(ill.id(), "54000");

        life.happens(ill, new JobEvent.AckCommit("node-0"));
        life.happens(healthy, new JobEvent.AckCommit("node-0"));
        life.schedule.pass(5_000);

        assertThat(life.store.job(healthy.id()).orElseThrow().status()).isEqualTo(JobStatus.RUNNING);
        life.schedule.pass(60_000);
        assertThat(life.dead).contains(ill);
        life.end();
    }

    @Test
    void jobWhoseDataIsRefusedIsDeadForGood() {
        Life life = new Life(3);
        LiveJob job = life.create(1);
        life.schedule.pass(100);
        life.store.poison(job.id(), "22P05");
        life.happens(job, new JobEvent.AckCommit("node-0"));
        life.schedule.pass(100);
        assertThat(life.dead).contains(job);

        // when: even its end is refused, then it can be stored
        life.schedule.pass(2_000);
        life.happens(job, new JobEvent.AckRun("node-0"));
        life.store.cure();
        life.schedule.pass(10_000);

        assertThat(life.store.job(job.id()).orElseThrow().status()).isEqualTo(JobStatus.CRASHED);
        assertThat(life.store.job(job.id()).orElseThrow().nodes()).containsEntry("node-0", NodeStatus.NEW);
        life.end();
    }

    @Test
    void noJobIsGivenUpWhileTheDatabaseHasNoRoom() {
        Life life = new Life(4);
        LiveJob job = life.create(1);
        life.schedule.pass(100);
        life.store.become(ModelStore.Mode.FULL);
        life.happens(job, new JobEvent.AckCommit("node-0"));
        life.schedule.pass(3_600_000);
        assertThat(life.dead).isEmpty();

        life.end();
        assertThat(life.store.job(job.id()).orElseThrow().status()).isEqualTo(JobStatus.RUNNING);
    }

    @Test
    void savesAreCutByRows() {
        Life life = new Life(5);
        List<LiveJob> jobs = new ArrayList<>();
        for (int n = 0; n < 30; n++) {
            jobs.add(life.create(1_000));
        }
        life.schedule.pass(10_000);

        for (LiveJob job : jobs) {
            for (int n = 0; n < 1_000; n++) {
                life.happens(job, new JobEvent.AckCommit("node-" + n));
            }
        }
        life.end();

        assertThat(life.store.mostRows()).isBetween(2_000L, 13_000L);
    }

    @Test
    void whatComesAgainAndAgainDuringAnOutageIsNotKeptAgainAndAgain() {
        Life life = new Life(6);
        LiveJob job = life.create(2);
        life.schedule.pass(100);
        life.store.become(ModelStore.Mode.AWAY);
        for (int n = 0; n < 10_000; n++) {
            life.happens(job, new JobEvent.AckRun("node-0"));
        }

        LiveJob.Unsaved unsaved = job.takeUnsaved(life.schedule.clock().instant());
        assertThat(unsaved.waiting()).hasSizeLessThan(10);
        assertThat(unsaved.changes().events()).hasSizeLessThan(20);
    }

    @Test
    void eventsOfAnAgentThatBreaksTheProtocolDoNotGrowWithAnOutage() {
        Life life = new Life(6);
        LiveJob job = life.create(2);
        life.schedule.pass(100);
        life.store.become(ModelStore.Mode.AWAY);
        for (int n = 0; n < 10_000; n++) {
            life.happens(job, new JobEvent.AckCommit("node-0"));
        }

        assertThat(job.takeUnsaved(life.schedule.clock().instant()).changes().events())
                .hasSizeBetween(10, 100);
        life.happens(job, new JobEvent.AckCommit("node-0"));
        assertThat(job.takeUnsaved(life.schedule.clock().instant()).changes().events())
                .as("told again once it is stored")
                .hasSize(1);
    }

    @Test
    void abortThatEachHeartbeatAsksForIsSentOnceWhenAnOutageIsOver() {
        Life life = new Life(6);
        LiveJob job = life.create(2);
        life.happens(job, new JobEvent.AckCommit("node-0"));
        life.happens(job, new JobEvent.AckCommit("node-1"));
        life.happens(job, new JobEvent.AckRun("node-0"));
        life.schedule.pass(100);
        life.store.become(ModelStore.Mode.AWAY);
        life.happens(job, new JobEvent.AbortRequested("alice"));
        for (int n = 0; n < 10_000; n++) {
            life.happens(job, new JobEvent.ReportsRunning("node-0"));
            life.happens(job, new JobEvent.ReportsCommitted("node-1"));
        }

        assertThat(job.takeUnsaved(life.schedule.clock().instant()).waiting()).hasSizeLessThan(10);
    }

    @Test
    void jobsThatWaitToBeCreatedAreBoundedInBytes() {
        Life life = new Life(7);
        life.store.become(ModelStore.Mode.HANGING);
        NewJob big = job("x".repeat(1 << 20)).facts();
        int waiting = 0;
        while (waiting < 1_000 && life.writer.hasRoomFor(big)) {
            LiveJob job = job(big.terms().spec().command());
            life.writer.create(job, life.schedule.nanos() + Coordinator.ANSWER_MILLIS * 1_000_000);
            life.createdMillis.put(job, life.schedule.millis());
            waiting++;
        }
        assertThat(waiting).isBetween(10, 64);

        life.schedule.pass(Coordinator.ANSWER_MILLIS);
        assertThat(life.writer.hasRoomFor(big)).isTrue();
        assertThat(life.writer.hasRoomFor(job("x".repeat(100 << 20)).facts()))
                .as("alone")
                .isTrue();
    }

    @Test
    void lagIsTheAgeOfTheOldestChangeAlsoWhenSomethingAlwaysWaits() {
        VirtualSchedule schedule = new VirtualSchedule();
        StoreBacklog backlog = new StoreBacklog();
        StoreQueue queue = new StoreQueue(schedule, schedule.clock(), backlog);
        String fillsABatch = "x".repeat(4 << 20);
        queue.add(job(fillsABatch));

        for (int n = 0; n < 100; n++) {
            queue.add(job(fillsABatch));
            schedule.pass(1_000);
            queue.stored(queue.next(_ -> true).orElseThrow());
        }

        // the lag is against the machine's clock, and the oldest change is two seconds old
        long sinceNanos = System.nanoTime() - backlog.lag().toNanos();
        assertThat(Duration.ofNanos(schedule.nanos() - sinceNanos)).isBetween(Duration.ZERO, Duration.ofSeconds(3));
        assertThat(backlog.jobs()).isOne();
    }

    private static LiveJob job(String command) {
        LiveJob job = LiveJob.create(new NewJob(
                JobId.next(ORG),
                ORG,
                "alice",
                new JobTerms(JobSpec.of(command), List.of("node-0"), 1, 60),
                Instant.EPOCH));
        job.apply(new JobEvent.Started(), Instant.EPOCH);
        return job;
    }

    /** Jobs, their writer and the database. */
    private static final class Life implements StoreWriter.Listener {
        private final Random random;
        private final VirtualSchedule schedule = new VirtualSchedule();
        private final ModelStore store;
        private final StoreBacklog backlog = new StoreBacklog();
        private final StoreWriter writer;
        private final List<LiveJob> created = new ArrayList<>();
        private final Map<LiveJob, Long> createdMillis = new HashMap<>();
        private final Map<LiveJob, String> answers = new HashMap<>();
        private final Map<LiveJob, Long> revisions = new HashMap<>();
        private final Set<LiveJob> dead = new HashSet<>();
        private int notStarted;
        private int unknown;
        private int unstorable;

        private Life(long seed) {
            random = new Random(seed);
            store = new ModelStore(schedule, random);
            writer = new StoreWriter(schedule, store, schedule.clock(), backlog, this);
        }

        private void step() {
            switch (random.nextInt(12)) {
                case 0, 1, 2 -> create(1 + random.nextInt(3));
                case 3, 4, 5, 6 -> somethingHappens();
                case 7 -> store.become(ModelStore.Mode.values()[random.nextInt(ModelStore.Mode.values().length)]);
                case 8 -> {
                    List<LiveJob> started = started();
                    if (!started.isEmpty()) {
                        store.poison(
                                started.get(random.nextInt(started.size())).id(),
                                List.of("22P05", "54000", "XX001").get(random.nextInt(3)));
                    }
                }
                case 9 -> {
                    if (random.nextInt(10) == 0) {
                        store.cure();
                    }
                }
                default -> schedule.pass(random.nextInt(random.nextInt(4) == 0 ? 9_000 : 300));
            }
        }

        private LiveJob create(int nodes) {
            LiveJob job = LiveJob.create(new NewJob(
                    JobId.next(ORG),
                    ORG,
                    "alice",
                    new JobTerms(
                            JobSpec.of("true"),
                            IntStream.range(0, nodes).mapToObj(n -> "node-" + n).toList(),
                            nodes,
                            60),
                    schedule.clock().instant()));
            created.add(job);
            createdMillis.put(job, schedule.millis());
            job.apply(new JobEvent.Started(), schedule.clock().instant());
            writer.create(job, schedule.nanos() + Coordinator.ANSWER_MILLIS * 1_000_000);
            return job;
        }

        /** Something of a node, and only of jobs that nodes know. */
        private void somethingHappens() {
            List<LiveJob> started = started();
            if (started.isEmpty()) {
                return;
            }
            LiveJob job = started.get(random.nextInt(started.size()));
            String node =
                    job.terms().nodes().get(random.nextInt(job.terms().nodes().size()));
            happens(
                    job,
                    switch (random.nextInt(6)) {
                        case 0, 1 -> new JobEvent.AckCommit(node);
                        case 2, 3 -> new JobEvent.AckRun(node);
                        case 4 -> new JobEvent.Succeeded(node, Optional.empty());
                        default -> new JobEvent.ReportsRunning(node);
                    });
        }

        private List<LiveJob> started() {
            return created.stream()
                    .filter(job -> "started".equals(answers.get(job)))
                    .toList();
        }

        private void happens(LiveJob job, JobEvent event) {
            if (job.apply(event, schedule.clock().instant())) {
                writer.changed(job);
            }
        }

        private void end() {
            store.become(ModelStore.Mode.HEALTHY);
            store.cure();
            schedule.pass(600_000);
            assertThat(writer.isIdle()).as("everything is stored").isTrue();
            assertThat(backlog.jobs()).isZero();
            assertThat(store.mostFailuresInTenSeconds())
                    .as("failed calls in 10 s")
                    .isLessThan(250);
            for (LiveJob job : created) {
                check(job);
            }
        }

        /** What was not said to be stored, and not said to be not, is the next term's. */
        private void endOfTerm() {
            store.become(ModelStore.Mode.HEALTHY);
            create(1);
            schedule.pass(60_000);
            assertThat(writer.isIdle()).as("nothing more is written").isTrue();
            assertThat(answers.keySet()).containsAll(created);
        }

        private void check(LiveJob job) {
            assertThat(answers).as("the creation is answered").containsKey(job);
            if ("started".equals(answers.get(job)) && !dead.contains(job)) {
                ModelStore.Row row = store.job(job.id()).orElseThrow();
                assertThat(row.status()).isEqualTo(job.machine().status());
                assertThat(row.nodes()).isEqualTo(job.machine().nodes());
                assertThat(job.takeUnsaved(schedule.clock().instant()).changes().revision())
                        .as("all that was handed out was stored")
                        .isEqualTo(revisions.get(job) + 1);
            } else if (!"started".equals(answers.get(job))) {
                store.job(job.id()).ifPresent(row -> {
                    assertThat(row.status()).isEqualTo(JobStatus.CRASHED);
                    assertThat(row.events().values()).endsWith("job_complete");
                });
            } else {
                assertThat(store.job(job.id()).orElseThrow().status().isTerminal())
                        .isTrue();
            }
        }

        @Override
        public void stored(LiveJob.Unsaved saved) {
            LiveJob job = saved.job();
            assertThat(dead).as("nothing of a dead job is carried out").doesNotContain(job);
            assertThat(job.isDead()).isFalse();
            saved.created().ifPresent(_ -> answered(job, "started"));
            assertThat(answers).containsEntry(job, "started");
            assertThat(saved.changes().revision()).isEqualTo(revisions.getOrDefault(job, 0L) + 1);
            revisions.put(job, saved.changes().revision());
            ModelStore.Row row = store.job(job.id()).orElseThrow();
            assertThat(row.events().keySet())
                    .containsAll(saved.changes().events().stream()
                            .map(event -> event.seq())
                            .toList());
            saved.changes()
                    .nodes()
                    .forEach((node, to) -> assertThat(row.nodes().get(node))
                            .as("the node's status")
                            .isEqualTo(to.status()));
        }

        @Override
        public void creationFailed(LiveJob job, ServerException answer) {
            answered(job, answer.getMessage());
            if (answer.getMessage().startsWith("the job was not started")) {
                notStarted++;
                store.mustNotLive(job.id());
            } else {
                unknown++;
                assertThat(answer.getMessage()).startsWith("it is not known").contains(job.id());
            }
        }

        private void answered(LiveJob job, String answer) {
            assertThat(answers.put(job, answer)).as("one answer").isNull();
            assertThat(schedule.millis() - createdMillis.get(job)).isLessThanOrEqualTo(Coordinator.ANSWER_MILLIS);
        }

        @Override
        public void unstorable(LiveJob job, Throwable cause) {
            unstorable++;
            assertThat(dead.add(job)).isTrue();
        }

        @Override
        public void crashed(JobChanges end) {
            ModelStore.Row row = store.job(end.jobId()).orElseThrow();
            assertThat(row.status().isTerminal()).isTrue();
        }
    }
}
