package org.pushjobs.server.directory;

import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.pushjobs.server.ServerException;

/**
 * Remembers answers for a while, the ones that were used last, and makes look-ups of the same thing at the same time one.
 * Who may not rely on what is remembered ({@link Age}) gets an answer that was asked for late enough: where the last look-up
 * of the same thing began less than {@value #INTERVAL_MILLIS} ms ago they wait for the next one, all for the same
 * (request-signing.md, "Ask again before you refuse"). What is not to be remembered at all is asked for each time.
 *
 * <p>Look-ups before a refusal are bounded to {@value #MAX_ASKED_AGAIN} a second, and the callers that wait for the next
 * one to {@value #MAX_WAITING}. Beyond that an answer counts that was asked for within the last {@value #INTERVAL_MILLIS}
 * ms; who would need another one gets status 503.
 *
 * <p>Failures are not remembered, and an answer stays when the look-up that should replace it fails. Usable from any
 * thread; a caller on a Vert.x context gets the answer there.
 */
final class LookUpCache<K, V> {
    /** A lifetime of answers that never change; they are never too old. */
    static final Duration FOR_EVER = Duration.ofDays(36_500);

    static final int MAX_ASKED_AGAIN = 200;
    static final int MAX_WAITING = 200;
    static final long INTERVAL_MILLIS = 1000;
    static final Duration INTERVAL = Duration.ofMillis(INTERVAL_MILLIS);

    private record Answer<V>(V value, long asked, Duration lifetime, int weight) {
        boolean isAlive(long now) {
            return isForEver() || now - asked < lifetime.toNanos();
        }

        boolean isForEver() {
            return lifetime.equals(FOR_EVER);
        }

        /** Until it may be asked for again; what is not remembered is asked for each time. */
        long restNanos(long now) {
            return Math.max(0, asked + Math.min(lifetime.toNanos(), INTERVAL.toNanos()) - now);
        }
    }

    private record LookUp<V>(Promise<V> promise, long asked, int generation) {}

    /** The look-up that follows the one under way, or that has to wait for its time. Guarded by the cache. */
    private static final class Next<V> {
        private final Promise<V> promise = Promise.promise();
        private final Supplier<Future<V>> lookUp;
        private long since;
        private int waiting;

        private Next(Supplier<Future<V>> lookUp, long since) {
            this.lookUp = lookUp;
            this.since = since;
        }
    }

    private final int maxWeight;
    private final ToIntFunction<V> weight;
    private final Function<V, Duration> lifetime;
    private final Timing timing;

    /** The one that was used last is the last; all that follows is guarded by this. */
    private final Map<K, Answer<V>> answers = new LinkedHashMap<>(16, 0.75f, true);

    private final Map<K, LookUp<V>> underWay = new HashMap<>();
    private final Map<K, Next<V>> following = new HashMap<>();
    private int totalWeight;
    private int waiting;
    private int askedAgain;
    private long secondBegan;
    /** Rises when everything is forgotten: what was asked for before is not remembered. */
    private int generation;

    /**
     * @param maxWeight of all answers remembered
     * @param weight of an answer, 1 or more
     * @param lifetime of an answer, from when it was asked for; zero for not at all
     */
    LookUpCache(int maxWeight, ToIntFunction<V> weight, Function<V, Duration> lifetime, Timing timing) {
        this.maxWeight = maxWeight;
        this.weight = Objects.requireNonNull(weight, "weight");
        this.lifetime = Objects.requireNonNull(lifetime, "lifetime");
        this.timing = Objects.requireNonNull(timing, "timing");
        this.secondBegan = timing.nanos();
    }

    /** The answer that is remembered and not too old, or else the one that the look-up gives. */
    Future<V> get(K key, Age age, Supplier<Future<V>> lookUp) {
        LookUp<V> mine;
        Future<V> found;
        synchronized (this) {
            long now = timing.nanos();
            Optional<Answer<V>> known =
                    Optional.ofNullable(answers.get(key)).filter(answer -> isGood(answer, age, now));
            if (known.isPresent()) {
                return Future.succeededFuture(known.get().value());
            }
            LookUp<V> others = underWay.get(key);
            if (others != null && isGood(others, age)) {
                return onThisContext(others.promise().future());
            }
            boolean mustWait = others != null || following.containsKey(key) || restNanos(key, now) > 0;
            if (mustWait && !(age instanceof Age.Remembered)) {
                return waitForNext(key, age, now, lookUp);
            }
            if (!mayAsk(age, now)) {
                return recentOrRefused(key, now);
            }
            mine = new LookUp<>(Promise.promise(), now, generation);
            underWay.put(key, mine);
            found = onThisContext(mine.promise().future());
        }
        begin(key, mine, lookUp);
        return found;
    }

    private static boolean isGood(Answer<?> answer, Age age, long now) {
        return switch (age) {
            case Age.Remembered() -> answer.isAlive(now);
            case Age.Recent recent ->
                answer.isForEver()
                        || recent.isSince(answer.asked())
                        || (recent.isOfLastSecond(answer.asked()) && answer.isAlive(now));
            case Age.Present present -> answer.isForEver() || present.isSince(answer.asked());
        };
    }

    private static boolean isGood(LookUp<?> lookUp, Age age) {
        return switch (age) {
            case Age.Remembered() -> true;
            case Age.Recent recent -> recent.isOfLastSecond(lookUp.asked());
            case Age.Present present -> present.isSince(lookUp.asked());
        };
    }

    /** Whether a look-up may begin for this; counts it. */
    private boolean mayAsk(Age age, long now) {
        if (!(age instanceof Age.Present)) {
            return true;
        }
        if (now - secondBegan >= INTERVAL.toNanos()) {
            secondBegan = now;
            askedAgain = 0;
        }
        return askedAgain++ < MAX_ASKED_AGAIN;
    }

    private long restNanos(K key, long now) {
        Answer<V> answer = answers.get(key);
        return answer == null ? 0 : answer.restNanos(now);
    }

    private Future<V> waitForNext(K key, Age age, long now, Supplier<Future<V>> lookUp) {
        long since = switch (age) {
            case Age.Remembered() -> throw new IllegalStateException("joins what is under way");
            case Age.Recent recent -> recent.lastSecondNanos();
            case Age.Present present -> present.sinceNanos();
        };
        Next<V> next = following.get(key);
        if (waiting >= MAX_WAITING || (next == null && !mayAsk(age, now))) {
            return recentOrRefused(key, now);
        }
        if (next == null) {
            next = new Next<>(lookUp, since);
            following.put(key, next);
            if (!underWay.containsKey(key)) {
                wake(key, next, restNanos(key, now));
            }
        }
        next.since = next.since - since >= 0 ? next.since : since;
        next.waiting++;
        waiting++;
        return onThisContext(next.promise.future());
    }

    private void wake(K key, Next<V> next, long delayNanos) {
        timing.after(Duration.ofNanos(delayNanos), () -> due(key, next));
    }

    /** It begins if its time has come, and unless another look-up is under way, whose end calls this again. */
    private void due(K key, Next<V> next) {
        LookUp<V> mine;
        synchronized (this) {
            if (following.get(key) != next || underWay.containsKey(key)) {
                return;
            }
            long now = timing.nanos();
            long rest = restNanos(key, now);
            if (rest > 0) {
                wake(key, next, rest);
                return;
            }
            remove(key, next);
            mine = new LookUp<>(next.promise, now, generation);
            underWay.put(key, mine);
        }
        begin(key, mine, next.lookUp);
    }

    private void remove(K key, Next<V> next) {
        following.remove(key);
        waiting -= next.waiting;
    }

    /** For those that may not ask now. */
    private Future<V> recentOrRefused(K key, long now) {
        return Optional.ofNullable(answers.get(key))
                .filter(answer -> now - answer.asked() <= INTERVAL.toNanos())
                .map(answer -> Future.succeededFuture(answer.value()))
                .orElseGet(() -> Future.failedFuture(ServerException.unavailable(
                        "too many requests need the directory to be asked again before they are refused")));
    }

    private void begin(K key, LookUp<V> mine, Supplier<Future<V>> lookUp) {
        start(lookUp).onComplete(result -> ended(key, mine, result));
    }

    private Future<V> start(Supplier<Future<V>> lookUp) {
        try {
            return lookUp.get();
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    private void ended(K key, LookUp<V> mine, AsyncResult<V> result) {
        Optional<Next<V>> next;
        boolean isForNext;
        synchronized (this) {
            underWay.remove(key, mine);
            if (result.succeeded() && mine.generation() == generation) {
                remember(key, result.result(), mine.asked());
            }
            next = Optional.ofNullable(following.get(key));
            isForNext = next.isPresent() && mine.asked() - next.get().since >= 0;
            if (isForNext) {
                remove(key, next.get());
            }
        }
        mine.promise().handle(result);
        if (isForNext) {
            next.get().promise.handle(result);
        } else {
            next.ifPresent(waits -> due(key, waits));
        }
    }

    private static <V> Future<V> onThisContext(Future<V> shared) {
        Context context = Vertx.currentContext();
        if (context == null) {
            return shared;
        }
        Promise<V> here = Promise.promise();
        shared.onComplete(result -> context.runOnContext(_ -> here.handle(result)));
        return here.future();
    }

    /** What must not be remembered is kept all the same: who caused the look-up may need an answer from then on. */
    private void remember(K key, V value, long asked) {
        forget(key);
        Answer<V> answer = new Answer<>(value, asked, lifetime.apply(value), weight.applyAsInt(value));
        if (answer.weight() > maxWeight) {
            return;
        }
        answers.put(key, answer);
        totalWeight += answer.weight();
        Iterator<Answer<V>> oldest = answers.values().iterator();
        while (totalWeight > maxWeight) {
            totalWeight -= oldest.next().weight();
            oldest.remove();
        }
    }

    /** All look-ups from now on ask again. */
    synchronized void forgetAll() {
        generation++;
        answers.clear();
        totalWeight = 0;
        // those who wait for an old answer get it, nobody joins them any more
        underWay.clear();
    }

    /** The next look-up asks again. */
    synchronized void forget(K key) {
        Answer<V> forgotten = answers.remove(key);
        if (forgotten != null) {
            totalWeight -= forgotten.weight();
        }
    }
}
