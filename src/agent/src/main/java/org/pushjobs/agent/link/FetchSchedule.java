package org.pushjobs.agent.link;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.pushjobs.protocol.message.JobState;

/**
 * When the configuration is fetched: when somebody asks for it and before its lifetime is over, never while a job is in
 * flight, after a failure again with growing pauses. Times are milliseconds of one monotonic clock. Not thread-safe.
 */
final class FetchSchedule {
    /** How often it is looked whether the job in flight has ended. */
    static final Duration RECHECK = Duration.ofSeconds(1);

    /** How long a commitment is waited for: the vote is long over, and a new server may not even know of it. */
    static final Duration LONGEST_COMMITMENT = Duration.ofSeconds(60);

    /** Agents of many machines that start at once do not ask at once; short enough that nobody waits for it. */
    static final Duration START_SPLAY = Duration.ofMillis(500);

    /** Costs the server nothing, so the pauses need not grow further. */
    static final Duration LONGEST_PAUSE_UNASKED = Duration.ofSeconds(10);

    private static final double LIFETIME_SPLAY = 0.1;
    private static final long NEVER = Long.MAX_VALUE;

    private record Request(FetchReason reason, long dueMillis) {}

    private final RandomGenerator random;
    private final Backoff afterFailure;
    private Request request;
    private Request atTheEndOfTheLifetime;
    private long notBeforeMillis;
    private long postponedSinceMillis = NEVER;
    private Optional<FetchReason> inFlight = Optional.empty();

    FetchSchedule(RandomGenerator random, long nowMillis) {
        this.random = random;
        this.afterFailure = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(60), random);
        this.request = new Request(FetchReason.START, nowMillis + random.nextLong(START_SPLAY.toMillis()));
        this.atTheEndOfTheLifetime = request;
    }

    /** Asks for a fetch; one that is planned for an earlier time, or is going on, serves as well. */
    void request(FetchReason reason, long atMillis) {
        if (inFlight.isEmpty() && atMillis < request.dueMillis()) {
            request = new Request(reason, atMillis);
        }
    }

    /** Whether a fetch is planned for that time or an earlier one, or is going on. */
    boolean isPlannedBy(long atMillis) {
        return inFlight.isPresent() || request.dueMillis() <= atMillis;
    }

    /** Returns the reason when a fetch is to be started now; tell its end by {@link #succeeded} or {@link #failed}. */
    Optional<FetchReason> start(JobState jobState, long nowMillis) {
        if (nowMillis < nextCheckMillis()) {
            return Optional.empty();
        }
        if (mustWait(jobState, nowMillis)) {
            notBeforeMillis = nowMillis + RECHECK.toMillis();
            return Optional.empty();
        }
        inFlight = Optional.of(request.reason());
        return inFlight;
    }

    private boolean mustWait(JobState jobState, long nowMillis) {
        postponedSinceMillis = Math.min(postponedSinceMillis, nowMillis);
        return switch (jobState) {
            case IDLE -> false;
            case COMMITTED -> nowMillis - postponedSinceMillis < LONGEST_COMMITMENT.toMillis();
            case RUNNING -> true;
        };
    }

    /** Plans the next fetch for the end of the lifetime, less up to 10 %. */
    void succeeded(int lifetimeSeconds, long nowMillis) {
        afterFailure.reset();
        inFlight = Optional.empty();
        postponedSinceMillis = NEVER;
        notBeforeMillis = nowMillis;
        long life = (long) (lifetimeSeconds * 1000.0 * (1 - LIFETIME_SPLAY * random.nextDouble()));
        atTheEndOfTheLifetime = new Request(FetchReason.LIFETIME, nowMillis + life);
        request = atTheEndOfTheLifetime;
    }

    /** The reason is gone: a fetch that is planned for it is not needed any more. */
    void withdraw(FetchReason reason, long nowMillis) {
        if (inFlight.isEmpty() && request.reason() == reason) {
            request = atTheEndOfTheLifetime;
            notBeforeMillis = nowMillis;
            postponedSinceMillis = NEVER;
            afterFailure.reset();
        }
    }

    /** The fetch that was started did not ask anybody, since it is needless now: other reasons count again. */
    void dropped(long nowMillis) {
        inFlight = Optional.empty();
        withdraw(request.reason(), nowMillis);
    }

    /** Plans another attempt and returns the pause until then. */
    long failed(long nowMillis) {
        return again(afterFailure.nextMillis(), nowMillis);
    }

    /** The same for an attempt that did not get as far as the server. */
    long nobodyAsked(long nowMillis) {
        return again(Math.min(afterFailure.nextMillis(), LONGEST_PAUSE_UNASKED.toMillis()), nowMillis);
    }

    private long again(long pause, long nowMillis) {
        inFlight = Optional.empty();
        notBeforeMillis = nowMillis + pause;
        return pause;
    }

    /** When {@link #start} is worth asking. */
    long nextCheckMillis() {
        return inFlight.isPresent() ? NEVER : Math.max(request.dueMillis(), notBeforeMillis);
    }
}
