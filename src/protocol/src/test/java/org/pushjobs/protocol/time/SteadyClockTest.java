package org.pushjobs.protocol.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushjobs.protocol.time.SteadyClock.Alone;
import org.pushjobs.protocol.time.SteadyClock.Witnesses;

class SteadyClockTest {
    private static final Instant START = Instant.parse("2026-11-28T06:00:00Z");
    private static final int AGENTS = 0;
    private static final int DATABASE = 1;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Machine machine = new Machine();
    private final List<ClockFinding> findings = new ArrayList<>();
    private SteadyClock clock = clock(Alone.KEEP_TIME);

    private SteadyClock clock(Alone alone) {
        return new SteadyClock(
                machine.clock(),
                () -> machine.nanos,
                PATIENCE,
                alone,
                List.of(new Witnesses("the agents", 64, 10), new Witnesses("the database", 1, 1)));
    }

    /** The two clocks of a machine. What is true goes on with the monotonic one, but when it is suspended. */
    private static final class Machine {
        private long nanos = 12_345;
        private Instant shown = START;
        private Instant truth = START;

        private void passes(Duration time) {
            nanos += time.toNanos();
            shown = shown.plus(time);
            truth = truth.plus(time);
        }

        private void steps(Duration by) {
            shown = shown.plus(by);
        }

        private void isSuspended(Duration time) {
            shown = shown.plus(time);
            truth = truth.plus(time);
        }

        private Clock clock() {
            InstantSource source = () -> shown;
            return source.withZone(ZoneOffset.UTC);
        }
    }

    /** Seconds in which agents whose clocks show what is true are heard. */
    private void seconds(int count, int agents) {
        for (int second = 0; second < count; second++) {
            machine.passes(Duration.ofSeconds(1));
            for (int agent = 0; agent < agents; agent++) {
                clock.heard(AGENTS, agent, machine.truth);
            }
            clock.check().ifPresent(findings::add);
        }
    }

    private Duration error() {
        return Duration.between(machine.truth, clock.instant()).abs();
    }

    @Test
    void itShowsTheMachinesTimeWhileThatIsSteady() {
        seconds(100, 0);

        assertThat(clock.instant()).isEqualTo(START.plusSeconds(100));
        assertThat(findings).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {600, -600, 3_600, -3_600})
    void stepThatNobodyElseSeesChangesNothing(long step) {
        seconds(30, 20);

        machine.steps(Duration.ofSeconds(step));
        seconds(3_600, 20);

        assertThat(error()).isZero();
        assertThat(findings)
                .satisfiesExactly(
                        jumped -> assertThat(jumped).isEqualTo(new ClockFinding.Jumped(Duration.ofSeconds(step))),
                        why -> assertThat(why).isInstanceOf(ClockFinding.NotBelieved.class));

        // when it is taken back
        machine.steps(Duration.ofSeconds(-step));
        seconds(1, 20);

        assertThat(error()).isZero();
        assertThat(findings.getLast()).isInstanceOf(ClockFinding.Returned.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {10, 600, 3_600, 86_400})
    void suspendedMachineTakesOverWhatTheAgentsSay(long time) {
        seconds(30, 20);

        machine.isSuspended(Duration.ofSeconds(time));
        seconds(5, 20);

        assertThat(error()).isZero();
        assertThat(findings)
                .satisfiesExactly(
                        jumped -> assertThat(jumped).isInstanceOf(ClockFinding.Jumped.class),
                        believed -> assertThat(believed)
                                .isEqualTo(new ClockFinding.Believed(Duration.ofSeconds(time), "the agents", 20)));
    }

    @Test
    void fewAgentsAreWaitedForAndThenBelieved() {
        seconds(30, 3);

        machine.isSuspended(Duration.ofMinutes(10));
        seconds(10, 3);
        assertThat(error()).isEqualTo(Duration.ofMinutes(10));
        seconds(15, 3);

        assertThat(error()).isZero();
    }

    @Test
    void medianDoesNotFollowSomeAgentsThatAreWrong() {
        machine.steps(Duration.ofHours(1));
        for (int second = 0; second < 60; second++) {
            seconds(1, 11);
            for (int agent = 11; agent < 20; agent++) {
                clock.heard(AGENTS, agent, machine.shown);
            }
        }

        assertThat(error()).isZero();
    }

    @Test
    void whatWasSaidBeforeTheJumpDoesNotCount() {
        seconds(30, 20);

        machine.isSuspended(Duration.ofMinutes(10));
        seconds(600, 0);

        assertThat(error()).isEqualTo(Duration.ofMinutes(10));
        assertThat(findings).singleElement().isInstanceOf(ClockFinding.Jumped.class);
    }

    @Test
    void databaseIsAskedWhenNoAgentIsThere() {
        machine.isSuspended(Duration.ofMinutes(10));
        for (int second = 0; second < 30; second++) {
            seconds(1, 0);
            clock.heard(DATABASE, 0, machine.truth);
        }

        assertThat(error()).isZero();
        assertThat(findings.getLast()).isEqualTo(new ClockFinding.Believed(Duration.ofMinutes(10), "the database", 1));
    }

    @Test
    void agentsCountMoreThanADatabaseThatStandsOnTheSameMachine() {
        machine.steps(Duration.ofMinutes(10));
        for (int second = 0; second < 60; second++) {
            seconds(1, 1);
            clock.heard(DATABASE, 0, machine.shown);
        }

        assertThat(error()).isZero();
    }

    @Test
    void machineIsFollowedWhenNobodyIsThereAndThatIsWanted() {
        clock = clock(Alone.FOLLOW_THE_MACHINE);

        machine.steps(Duration.ofHours(-1));
        seconds(15, 0);
        assertThat(clock.instant()).isEqualTo(machine.truth);
        seconds(10, 0);

        assertThat(clock.instant()).isEqualTo(machine.shown);
        assertThat(findings.getLast()).isEqualTo(new ClockFinding.Followed(Duration.ofHours(-1)));
    }

    @Test
    void smallDifferenceIsMadeUpForSlowly() {
        machine.steps(Duration.ofSeconds(2));
        Instant before = clock.instant();
        seconds(1, 0);

        assertThat(Duration.between(before, clock.instant())).isEqualTo(Duration.ofMillis(1_010));
        seconds(250, 0);
        assertThat(clock.instant()).isEqualTo(machine.shown);
        assertThat(findings).isEmpty();
    }

    @Test
    void pauseBetweenTheLooksAtTheTwoClocksIsNoJump() {
        SteadyClock interrupted = new SteadyClock(
                machine.clock(),
                () -> {
                    machine.passes(Duration.ofMillis(200));
                    return machine.nanos;
                },
                PATIENCE,
                Alone.KEEP_TIME,
                List.of());

        for (int i = 0; i < 100; i++) {
            assertThat(interrupted.check()).isEqualTo(Optional.empty());
        }
    }
}
