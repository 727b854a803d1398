package org.pushjobs.server.directory;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/**
 * Remembers answers for a while, the ones that were used last, and makes look-ups of the same thing at the same time one.
 * Failures are not remembered. Usable from any thread; a caller on a Vert.x context gets the answer there.
 */
final class LookUpCache<K, V> {
    /** A lifetime of answers that never change. */
    static final Duration FOR_EVER = Duration.ofDays(36_500);

    private record Answer<V>(V value, Instant asked, Duration lifetime, int weight) {
        boolean isFresh(Instant now) {
            return !now.isBefore(asked) && Duration.between(asked, now).compareTo(lifetime) < 0;
        }
    }

    private final int maxWeight;
    private final ToIntFunction<V> weight;
    private final Function<V, Duration> lifetime;
    private final Clock clock;

    /** The one that was used last is the last; guarded by this. */
    private final Map<K, Answer<V>> answers = new LinkedHashMap<>(16, 0.75f, true);

    private final Map<K, Future<V>> underWay = new HashMap<>();
    private int totalWeight;
    /** Rises when everything is forgotten: what was asked for before is not remembered. */
    private int generation;

    /**
     * @param maxWeight of all answers remembered
     * @param weight of an answer, 1 or more
     * @param lifetime of an answer, from when it was asked for; zero for not at all
     */
    LookUpCache(int maxWeight, ToIntFunction<V> weight, Function<V, Duration> lifetime, Clock clock) {
        this.maxWeight = maxWeight;
        this.weight = Objects.requireNonNull(weight, "weight");
        this.lifetime = Objects.requireNonNull(lifetime, "lifetime");
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    /** The answer that is remembered, or else the one that the look-up gives. */
    Future<V> get(K key, Supplier<Future<V>> lookUp) {
        Instant now = clock.instant();
        Promise<V> mine = Promise.promise();
        int asked;
        synchronized (this) {
            asked = generation;
            Optional<V> known = Optional.ofNullable(answers.get(key))
                    .filter(answer -> answer.isFresh(now))
                    .map(Answer::value);
            if (known.isPresent()) {
                return Future.succeededFuture(known.get());
            }
            Future<V> others = underWay.putIfAbsent(key, mine.future());
            if (others != null) {
                return onThisContext(others);
            }
        }
        Future<V> found = onThisContext(mine.future());
        start(lookUp).onComplete(result -> {
            synchronized (this) {
                underWay.remove(key, mine.future());
                if (result.succeeded() && asked == generation) {
                    remember(key, result.result(), now);
                }
            }
            mine.handle(result);
        });
        return found;
    }

    private Future<V> start(Supplier<Future<V>> lookUp) {
        try {
            return lookUp.get();
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
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

    private void remember(K key, V value, Instant asked) {
        forget(key);
        Answer<V> answer = new Answer<>(value, asked, lifetime.apply(value), weight.applyAsInt(value));
        if (answer.lifetime().isZero() || answer.weight() > maxWeight) {
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
