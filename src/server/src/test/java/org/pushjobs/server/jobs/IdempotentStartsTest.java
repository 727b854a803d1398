package org.pushjobs.server.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.pushjobs.protocol.message.JobSpec;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.jobs.model.EarlierStart;
import org.pushjobs.server.jobs.model.IdempotencyKey;
import org.pushjobs.server.jobs.model.JobTerms;
import org.pushjobs.server.store.JobStarts;
import org.pushjobs.server.testing.VirtualSchedule;

/** Requests with keys, sent again and again, while look-ups and creations succeed, fail, or take their time. */
class IdempotentStartsTest {
    private static final String ORG = "0123456789abcdef0123456789abcdef";
    private static final List<String> DIGESTS = List.of("aa", "bb");

    private final VirtualSchedule schedule = new VirtualSchedule();
    private final Map<String, EarlierStart> inDatabase = new HashMap<>();
    private final Set<String> beingCreated = new HashSet<>();
    private final Set<String> givenUp = new HashSet<>();
    private final List<Asked> asked = new ArrayList<>();
    private Random random;
    private int jobs;

    private record Asked(long atMillis, String key, String digest, Future<String> answer) {}

    @Property(tries = 500)
    void keyHasOneJobAndEveryRequestIsAnsweredInTime(@ForAll long seed) {
        // one of its own for each try
        new IdempotentStartsTest().live(new Random(seed));
    }

    private void live(Random itsRandom) {
        random = itsRandom;
        IdempotentStarts starts = new IdempotentStarts(new LookUps(), schedule, givenUp::contains);
        for (int step = 0; step < 100; step++) {
            if (random.nextInt(3) == 0) {
                schedule.pass(random.nextInt(3_000));
            } else {
                ask(starts);
            }
            check();
        }
        schedule.pass(20_000);
        check();
        Map<String, Set<String>> ids = new HashMap<>();
        asked.stream()
                .filter(one -> one.answer.succeeded())
                .forEach(one ->
                        ids.computeIfAbsent(one.key, _ -> new HashSet<>()).add(one.answer.result()));
        ids.values().forEach(ofKey -> assertThat(ofKey).hasSize(1));
    }

    private void ask(IdempotentStarts starts) {
        String key = "key-" + random.nextInt(4);
        String digest = DIGESTS.get(random.nextInt(10) == 0 ? 1 : 0);
        IdempotencyKey idempotencyKey = new IdempotencyKey(key, digest);
        JobRequest request = new JobRequest(
                ORG,
                "alice",
                new JobTerms(JobSpec.of("true"), List.of("a"), 1, 60),
                Optional.of(idempotencyKey),
                Optional.empty());
        long answerBy = schedule.nanos() + TimeUnit.MILLISECONDS.toNanos(JobStarter.ANSWER_MILLIS);
        asked.add(new Asked(
                schedule.millis(),
                key,
                digest,
                starts.start(request, idempotencyKey, answerBy, () -> create(key, digest, answerBy))));
    }

    /** As the writer does: the job is stored, or given up for good, by the time that is given. */
    private Future<String> create(String key, String digest, long answerBy) {
        assertThat(beingCreated.add(key)).as("one creation of a key at a time").isTrue();
        Promise<String> created = Promise.promise();
        String id = "job-" + jobs++;
        long millis = Math.max(1, schedule.millisUntil(answerBy));
        schedule.after(random.nextInt((int) millis) + 1, () -> {
            beingCreated.remove(key);
            EarlierStart earlier = inDatabase.get(key);
            if (earlier != null && !givenUp.contains(earlier.jobId())) {
                created.fail(new ServerException(500, "the key is there already"));
                return;
            }
            switch (random.nextInt(3)) {
                case 0 -> {
                    inDatabase.put(key, new EarlierStart(id, digest));
                    created.complete(id);
                }
                case 1 -> created.fail(ServerException.unavailable("the job was not started"));
                default -> {
                    // it came into the database, and is to be discarded
                    inDatabase.put(key, new EarlierStart(id, digest));
                    givenUp.add(id);
                    created.fail(ServerException.unavailable("it is not known whether the job was started"));
                }
            }
        });
        return created.future();
    }

    private void check() {
        for (Asked one : asked) {
            boolean isDue = schedule.millis() - one.atMillis > JobStarter.ANSWER_MILLIS + 1_000;
            if (isDue && !one.answer.isComplete()) {
                throw new AssertionError("not answered in time: " + one);
            }
            if (one.answer.succeeded()) {
                EarlierStart stored = inDatabase.get(one.key);
                assertThat(stored.jobId()).isEqualTo(one.answer.result());
                assertThat(stored.requestDigest()).as("of this request").isEqualTo(one.digest);
                assertThat(givenUp).doesNotContain(one.answer.result());
            }
        }
    }

    private final class LookUps implements JobStarts {
        @Override
        public Future<Optional<EarlierStart>> earlierStart(String orgGuid, String requestor, IdempotencyKey key) {
            Promise<Optional<EarlierStart>> answer = Promise.promise();
            switch (random.nextInt(4)) {
                case 0 ->
                    schedule.after(
                            random.nextInt(10_000),
                            () -> answer.tryComplete(Optional.ofNullable(inDatabase.get(key.value()))));
                case 1 -> schedule.after(5, () -> answer.tryFail(ServerException.unavailable("away")));
                default -> answer.complete(Optional.ofNullable(inDatabase.get(key.value())));
            }
            return answer.future();
        }
    }
}
