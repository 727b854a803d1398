package org.pushjobs.server.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.jobs.model.JobStatus;
import org.pushjobs.server.jobs.model.StoredJob;
import org.pushjobs.server.testing.VirtualSchedule;

/** Requests to abort jobs, while the wish is stored, is late, or never will be. */
class AbortsTest {
    private static final String ORG = "0123456789abcdef0123456789abcdef";

    private final VirtualSchedule schedule = new VirtualSchedule();

    private static final class Asked {
        private final long atMillis;
        private final Future<JobStatus> answer;
        private final boolean afterStored;

        private Asked(long atMillis, Future<JobStatus> answer, boolean afterStored) {
            this.atMillis = atMillis;
            this.answer = answer;
            this.afterStored = afterStored;
        }
    }

    @Property(tries = 500)
    void everyRequestIsAnsweredInTimeAndTruly(@ForAll long seed) {
        Random random = new Random(seed);
        Aborts aborts = new Aborts((_, _) -> Future.failedFuture("not asked"), schedule);
        Map<String, List<Asked>> asked = new HashMap<>();
        Map<String, Boolean> ends = new HashMap<>();
        for (int step = 0; step < 100; step++) {
            String job = "job-" + random.nextInt(3);
            long now = schedule.millis();
            switch (random.nextInt(5)) {
                case 0, 1 -> {
                    List<Asked> ofJob = asked.computeIfAbsent(job, _ -> new ArrayList<>());
                    boolean stored = ends.getOrDefault(job, false);
                    Future<JobStatus> answer =
                            ofJob.isEmpty() ? aborts.await(job) : aborts.join(job, JobStatus.RUNNING);
                    ofJob.add(new Asked(now, answer, stored));
                }
                case 2 -> {
                    if (asked.containsKey(job) && !ends.containsKey(job) && random.nextInt(3) == 0) {
                        ends.put(job, true);
                        aborts.stored(job, JobStatus.ABORTED);
                    }
                }
                case 3 -> {
                    if (asked.containsKey(job) && !ends.containsKey(job) && random.nextInt(10) == 0) {
                        ends.put(job, false);
                        aborts.failed(job, "it cannot be stored");
                        asked.get(job)
                                .forEach(one ->
                                        assertThat(one.answer.isComplete()).isTrue());
                        asked.remove(job);
                        ends.remove(job);
                    }
                }
                default -> schedule.pass(random.nextInt(4_000));
            }
            asked.forEach((id, ofJob) -> ofJob.forEach(one -> check(one, ends.getOrDefault(id, false))));
        }
        asked.keySet().forEach(job -> aborts.stored(job, JobStatus.ABORTED));
        assertThat(aborts.jobs()).isZero();
    }

    private void check(Asked one, boolean stored) {
        if (stored || one.afterStored || schedule.millis() - one.atMillis > Aborts.ANSWER_MILLIS) {
            assertThat(one.answer.isComplete()).isTrue();
        }
        if (one.answer.succeeded()) {
            assertThat(stored).as("what is accepted is stored").isTrue();
        } else if (one.answer.failed()) {
            assertThat(ServerException.isTemporary(one.answer.cause())).isTrue();
        }
    }

    @Test
    void requestForAJobThatIsNotLiveIsAnsweredWhileTheDatabaseHangs() {
        Promise<Optional<StoredJob>> never = Promise.promise();
        Aborts aborts = new Aborts((_, _) -> never.future(), schedule);

        Future<JobStatus> answer = aborts.notLive(new JobAbortRequest(ORG, "a-job", "alice"));
        schedule.pass(Aborts.ANSWER_MILLIS);

        assertThat(answer.failed()).isTrue();
    }
}
