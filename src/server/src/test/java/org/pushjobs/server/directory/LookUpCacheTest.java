package org.pushjobs.server.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;
import org.pushjobs.server.ServerException;

/** Callers and look-ups in any order, against what a cache promises to each caller (request-signing.md). */
class LookUpCacheTest {
    private static final int CAPACITY = 5;
    private static final Map<String, Duration> LIFETIMES = Map.of(
            "ten",
            Duration.ofSeconds(10),
            "two",
            Duration.ofSeconds(2),
            "none",
            Duration.ZERO,
            "ever",
            LookUpCache.FOR_EVER);

    /** What a look-up gives: when it was asked for, by which one cannot be mistaken for another. */
    private record Told(String key, long asked, int number) {}

    private static final class Asked {
        private final Told told;
        private final Promise<Told> promise = Promise.promise();

        private Asked(Told told) {
            this.told = told;
        }
    }

    private record Caller(String key, Age age, long at, Future<Told> answer) {}

    private final SettableTiming timing = new SettableTiming();
    private final LookUpCache<String, Told> cache = new LookUpCache<>(
            CAPACITY, _ -> 1, told -> LIFETIMES.getOrDefault(told.key(), Duration.ofSeconds(10)), timing);
    private final List<Asked> underWay = new ArrayList<>();
    private final List<Told> begun = new ArrayList<>();
    private final List<Caller> callers = new ArrayList<>();

    private Future<Told> call(String key, Age age) {
        Future<Told> answer = cache.get(key, age, () -> {
            Asked asked = new Asked(new Told(key, timing.nanos(), begun.size()));
            assertThat(underWay)
                    .as("one look-up of a thing at a time")
                    .noneMatch(other -> other.told.key().equals(key));
            begun.add(asked.told);
            underWay.add(asked);
            return asked.promise.future();
        });
        callers.add(new Caller(key, age, timing.nanos(), answer));
        return answer;
    }

    private Future<Told> remembered(String key) {
        return call(key, new Age.Remembered());
    }

    private Future<Told> recent(String key) {
        return call(key, new Age.Recent(timing.nanos()));
    }

    private Future<Told> present(String key) {
        return call(key, new Age.Present(timing.nanos()));
    }

    private void answerAll() {
        while (!underWay.isEmpty()) {
            answer(underWay.getFirst());
        }
    }

    private void answer(Asked asked) {
        underWay.remove(asked);
        asked.promise.complete(asked.told);
    }

    private void fail(Asked asked) {
        underWay.remove(asked);
        asked.promise.fail(new IllegalStateException("look-up failed"));
    }

    private static Told now(Future<Told> answer) {
        assertThat(answer.isComplete()).as("answered").isTrue();
        assertThat(answer.cause()).isNull();
        return answer.result();
    }

    @Test
    void whoIsAboutToBeRefusedWaitsForALookUpThatIsAskedForASecondAfterTheLast() {
        remembered("ten");
        answerAll();
        timing.forward(Duration.ofMillis(300));

        Future<Told> first = present("ten");
        timing.forward(Duration.ofMillis(300));
        Future<Told> second = present("ten");
        timing.forward(Duration.ofMillis(399));
        assertThat(begun).hasSize(1);
        timing.forward(Duration.ofMillis(1));
        assertThat(begun).hasSize(2);
        answerAll();

        assertThat(now(first).number()).isEqualTo(1);
        assertThat(now(second)).isEqualTo(now(first));
        assertThat(now(remembered("ten"))).isEqualTo(now(first));
    }

    @Test
    void whatWasAskedForSinceTheCallIsNotAskedForAgain() {
        Age present = new Age.Present(timing.nanos());
        remembered("none");
        answerAll();

        assertThat(now(call("none", present)).number()).isZero();
        assertThat(begun).hasSize(1);
    }

    @Test
    void whoActsGetsAnAnswerOfTheLastSecondWithoutWaiting() {
        remembered("ten");
        answerAll();
        timing.forward(Duration.ofMillis(1000));
        assertThat(now(recent("ten")).number()).isZero();

        timing.forward(Duration.ofMillis(1));
        Future<Told> asked = recent("ten");
        answerAll();

        assertThat(now(asked).number()).isEqualTo(1);
    }

    @Test
    void whatIsNotRememberedIsAskedForEachTimeAndNobodyWaits() {
        remembered("none");
        answerAll();
        timing.forward(Duration.ofMillis(1));

        Future<Told> acting = recent("none");
        answerAll();
        timing.forward(Duration.ofMillis(1));
        Future<Told> refused = present("none");
        answerAll();

        assertThat(now(acting).number()).isEqualTo(1);
        assertThat(now(refused).number()).isEqualTo(2);
    }

    @Test
    void anOldAnswerStaysWhenTheNextLookUpFails() {
        remembered("ten");
        answerAll();
        timing.forward(Duration.ofSeconds(2));

        Future<Told> asked = present("ten");
        fail(underWay.getFirst());

        assertThat(asked.failed()).isTrue();
        assertThat(now(remembered("ten")).number()).isZero();
    }

    @Test
    void lookUpsBeforeRefusalsAreBoundedInAllAndBeyondThatNobodyIsRefusedOnWhatIsOld() {
        LookUpCache<String, Told> large = new LookUpCache<>(10_000, _ -> 1, _ -> Duration.ofSeconds(10), timing);
        List<Integer> lookUps = new ArrayList<>();
        int names = LookUpCache.MAX_ASKED_AGAIN + 1;
        IntStream.range(0, names).forEach(i -> large.get("name-" + i, new Age.Remembered(), () -> told("name-" + i)));
        timing.forward(Duration.ofSeconds(2));

        List<Future<Told>> asked = IntStream.range(0, names)
                .mapToObj(i -> large.get("name-" + i, new Age.Present(timing.nanos()), () -> {
                    lookUps.add(i);
                    return told("name-" + i);
                }))
                .toList();

        assertThat(lookUps).hasSize(LookUpCache.MAX_ASKED_AGAIN);
        assertThat(asked.subList(0, names - 1)).allMatch(Future::succeeded);
        assertThat(asked.getLast().cause())
                .isInstanceOfSatisfying(
                        ServerException.class,
                        refusal -> assertThat(refusal.status()).isEqualTo(503));
        timing.forward(Duration.ofSeconds(1));
        assertThat(large.get("name-" + (names - 1), new Age.Present(timing.nanos()), () -> told("again"))
                        .succeeded())
                .isTrue();
    }

    @Test
    void thoseWhoWaitAreBoundedAndBeyondThatAnAnswerOfTheLastSecondCounts() {
        remembered("ten");
        answerAll();
        timing.forward(Duration.ofMillis(100));
        List<Future<Told>> waiting = IntStream.range(0, LookUpCache.MAX_WAITING)
                .mapToObj(_ -> present("ten"))
                .toList();
        assertThat(waiting).noneMatch(Future::isComplete);

        assertThat(now(present("ten")).number()).isZero();

        timing.forward(Duration.ofSeconds(1));
        answerAll();
        assertThat(waiting).allMatch(answer -> now(answer).number() == 1);
        timing.forward(Duration.ofMillis(100));
        assertThat(present("ten").isComplete()).as("there is room again").isFalse();
    }

    private Future<Told> told(String key) {
        return Future.succeededFuture(new Told(key, timing.nanos(), 0));
    }

    sealed interface Step {
        record Call(String key, int age) implements Step {}

        record End(int which, boolean succeeds) implements Step {}

        record Wait(int millis) implements Step {}

        record Forget(String key) implements Step {}
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<String> keys = Arbitraries.of("ten", "two", "none", "ever", "a", "b", "c");
        Arbitrary<Step> step = Arbitraries.frequencyOf(
                Tuple.of(
                        8,
                        Combinators.combine(keys, Arbitraries.integers().between(0, 2))
                                .as(Step.Call::new)),
                Tuple.of(
                        6,
                        Combinators.combine(
                                        Arbitraries.integers().between(0, 9), Arbitraries.of(true, true, true, false))
                                .as(Step.End::new)),
                Tuple.of(
                        5,
                        Arbitraries.of(1, 10, 400, 999, 1000, 1001, 2500, 11_000)
                                .map(Step.Wait::new)),
                Tuple.of(1, keys.map(Step.Forget::new)));
        return step.list().ofMaxSize(80);
    }

    @Property(tries = 2000)
    void everyCallerGetsAnAnswerOfTheAgeItMayHave(@ForAll("steps") List<Step> steps) {
        // all tries have the same instance
        new LookUpCacheTest().follow(steps);
    }

    private void follow(List<Step> steps) {
        Map<Integer, Boolean> failed = new HashMap<>();
        List<String> forgotten = new ArrayList<>();
        for (Step step : steps) {
            switch (step) {
                case Step.Call(String key, int age) -> {
                    switch (age) {
                        case 0 -> remembered(key);
                        case 1 -> recent(key);
                        default -> present(key);
                    }
                }
                case Step.End(int which, boolean succeeds) -> {
                    if (!underWay.isEmpty()) {
                        Asked asked = underWay.get(which % underWay.size());
                        failed.put(asked.told.number(), !succeeds);
                        if (succeeds) {
                            answer(asked);
                        } else {
                            fail(asked);
                        }
                    }
                }
                case Step.Wait(int millis) -> timing.forward(Duration.ofMillis(millis));
                case Step.Forget(String key) -> {
                    forgotten.add(key);
                    cache.forget(key);
                }
            }
        }
        for (int i = 0; i < 3; i++) {
            answerAll();
            timing.forward(LookUpCache.INTERVAL);
        }
        answerAll();

        assertThat(callers).allSatisfy(this::hasWhatItMay);
        for (Told told : begun) {
            Optional<Told> before = begun.stream()
                    .filter(other -> other.key().equals(told.key()) && other.number() < told.number())
                    .reduce((_, later) -> later);
            if (before.isPresent()
                    && !failed.getOrDefault(before.get().number(), false)
                    && !forgotten.contains(told.key())
                    && !told.key().equals("none")
                    && keysAsked() <= CAPACITY) {
                assertThat(told.asked() - before.get().asked())
                        .as("at most once a second")
                        .isGreaterThanOrEqualTo(LookUpCache.INTERVAL.toNanos());
            }
        }
    }

    private long keysAsked() {
        return begun.stream().map(Told::key).distinct().count();
    }

    private void hasWhatItMay(Caller caller) {
        assertThat(caller.answer().isComplete()).as("nobody waits for ever").isTrue();
        if (caller.answer().failed()) {
            assertThat(caller.answer().cause()).hasMessage("look-up failed");
            return;
        }
        Told told = caller.answer().result();
        assertThat(told.key()).isEqualTo(caller.key());
        boolean isForEver = caller.key().equals("ever");
        switch (caller.age()) {
            case Age.Remembered() -> {}
            case Age.Recent recent ->
                assertThat(isForEver || recent.isOfLastSecond(told.asked())).isTrue();
            case Age.Present(long since) ->
                assertThat(isForEver || told.asked() - since >= 0).isTrue();
        }
    }
}
