package org.pushjobs.protocol.time;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/**
 * The time that is written into messages and held against theirs (cluster.md, "Clocks"): the machine's time at the start,
 * carried on by the monotonic clock, which no step of the machine's clock touches. {@link #check} leads it slowly to what
 * the machine's clock shows. When that has jumped, by a step or because the machine was suspended, which the monotonic clock
 * does not count, the jump is followed only when the clocks of others say the same.
 *
 * <p>{@link #check} is for one thread, all else for any.
 */
public final class SteadyClock extends Clock {
    /** A smaller difference is no jump. */
    static final Duration JUMP = Duration.ofSeconds(5);

    /** One second in a hundred is the most that it is led towards the machine's clock. */
    static final int SLEW_PART = 100;

    /** How far the others' median may be from the machine's clock and say the same; of a short jump, half of it. */
    private static final Duration TOLERANCE = Duration.ofSeconds(10);

    /** What the others said longer ago does not count. */
    private static final long WORD_SECONDS = 300;

    /** A longer pause between looking at the two clocks makes the comparison worthless. */
    private static final long LONGEST_LOOK_NANOS = Duration.ofMillis(100).toNanos();

    private final Clock wall;
    private final LongSupplier nanoTime;
    private final Alone alone;
    private final long patienceSeconds;
    private final List<ClockWitness> witnesses;
    private final Instant start;
    private final long startNanos;
    /** Added to the monotonic clock by slewing and by jumps that were believed. */
    private final AtomicLong addedNanos = new AtomicLong();

    private final AtomicLong checkedNanos;
    private final AtomicReference<Optional<Jump>> jump = new AtomicReference<>(Optional.empty());

    /** What to do about a jump when there is nobody to ask. */
    public enum Alone {
        /** It is not followed; whoever comes later is asked then. */
        KEEP_TIME,
        /** It is followed: without others there is nobody to harm, and others may not be reachable with a wrong time. */
        FOLLOW_THE_MACHINE
    }

    /** How many clocks a witness tells apart, and how many need not wait for more. */
    public record Witnesses(String name, int clocks, int enough) {
        public Witnesses {
            Objects.requireNonNull(name, "name");
        }
    }

    private record Jump(Duration ahead, long second, boolean reported) {}

    /**
     * @param wall the machine's clock
     * @param nanoTime the monotonic one, as {@link System#nanoTime}
     * @param patience for which others are waited for
     * @param witnesses who is asked about a jump: the first of them that has said anything since decides
     */
    public SteadyClock(Clock wall, LongSupplier nanoTime, Duration patience, Alone alone, List<Witnesses> witnesses) {
        this.wall = Objects.requireNonNull(wall, "wall");
        this.nanoTime = Objects.requireNonNull(nanoTime, "nanoTime");
        this.alone = Objects.requireNonNull(alone, "alone");
        this.patienceSeconds = Math.max(1, patience.toSeconds());
        this.witnesses = witnesses.stream()
                .map(witness -> new ClockWitness(witness.name(), witness.clocks(), witness.enough()))
                .toList();
        this.startNanos = nanoTime.getAsLong();
        this.start = wall.instant();
        this.checkedNanos = new AtomicLong(startNanos);
    }

    @Override
    public Instant instant() {
        return start.plusNanos(nanoTime.getAsLong() - startNanos + addedNanos.get());
    }

    /**
     * Notes what the clock of somebody else shows, who has proved who he is.
     *
     * @param witness index in the list of witnesses
     * @param who any number that is the same each time
     */
    public void heard(int witness, int who, Instant time) {
        witnesses.get(witness).says(who, Duration.between(instant(), time), second());
    }

    /** To be called about once a second. */
    public Optional<ClockFinding> check() {
        long before = nanoTime.getAsLong();
        Instant shown = wall.instant();
        long now = nanoTime.getAsLong();
        if (now - before > LONGEST_LOOK_NANOS) {
            return Optional.empty();
        }
        long elapsed = now - checkedNanos.getAndSet(now);
        Duration ahead = Duration.between(start.plusNanos(now - startNanos + addedNanos.get()), shown);
        return ahead.abs().compareTo(JUMP) < 0 ? slewed(ahead, elapsed) : judged(ahead);
    }

    private Optional<ClockFinding> slewed(Duration ahead, long elapsedNanos) {
        long most = Math.max(0, elapsedNanos) / SLEW_PART;
        addedNanos.addAndGet(Math.clamp(ahead.toNanos(), -most, most));
        return jump.getAndSet(Optional.empty()).map(_ -> new ClockFinding.Returned());
    }

    private Optional<ClockFinding> judged(Duration ahead) {
        Optional<Jump> known =
                jump.get().filter(noted -> noted.ahead().minus(ahead).abs().compareTo(JUMP) < 0);
        if (known.isEmpty()) {
            // what was said in the second in which it happened may be older than it
            jump.set(Optional.of(new Jump(ahead, second() + 1, false)));
            return Optional.of(new ClockFinding.Jumped(ahead));
        }
        boolean patient = second() - known.get().second() < patienceSeconds;
        for (ClockWitness witness : witnesses) {
            Optional<ClockWitness.Opinion> opinion =
                    witness.since(Math.max(known.get().second(), second() - WORD_SECONDS));
            if (patient && opinion.filter(witness::isEnough).isEmpty()) {
                return Optional.empty();
            }
            if (opinion.isPresent()) {
                return judged(ahead, witness, opinion.get(), known.get());
            }
        }
        return switch (alone) {
            case KEEP_TIME -> Optional.empty();
            case FOLLOW_THE_MACHINE -> {
                follow(ahead);
                yield Optional.of(new ClockFinding.Followed(ahead));
            }
        };
    }

    private Optional<ClockFinding> judged(
            Duration ahead, ClockWitness witness, ClockWitness.Opinion opinion, Jump noted) {
        if (isSame(ahead, opinion.ahead())) {
            follow(ahead);
            return Optional.of(new ClockFinding.Believed(ahead, witness.name(), opinion.clocks()));
        }
        if (noted.reported()) {
            return Optional.empty();
        }
        jump.set(Optional.of(new Jump(noted.ahead(), noted.second(), true)));
        return Optional.of(new ClockFinding.NotBelieved(ahead, witness.name(), opinion.clocks(), opinion.ahead()));
    }

    private static boolean isSame(Duration ahead, Duration said) {
        Duration half = ahead.abs().dividedBy(2);
        Duration tolerance = half.compareTo(TOLERANCE) < 0 ? half : TOLERANCE;
        return ahead.minus(said).abs().compareTo(tolerance) <= 0;
    }

    private void follow(Duration ahead) {
        addedNanos.addAndGet(ahead.toNanos());
        jump.set(Optional.empty());
    }

    /** Since the start, by the monotonic clock; never 0. */
    private long second() {
        return 1 + Duration.ofNanos(nanoTime.getAsLong() - startNanos).toSeconds();
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("instants have no zone");
    }
}
