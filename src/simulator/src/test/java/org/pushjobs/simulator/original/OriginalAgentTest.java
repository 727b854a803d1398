package org.pushjobs.simulator.original;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushjobs.simulator.original.OriginalAgent.Failure;
import org.pushjobs.simulator.original.OriginalAgent.Reason;
import org.pushjobs.simulator.original.OriginalAgent.Terms;

/** The whole of an agent's behaviour but jobs, with a server of a few lines, in time that passes at once. */
class OriginalAgentTest {
    private static final long STEP = 10;
    private static final long TO_CONNECT = 200;
    private static final long SECOND = 1_000;
    private static final String ONE = "incarnation one";
    private static final String TWO = "incarnation two";

    /** The agent, its connection and a server. */
    private static final class World implements OriginalAgent.Hands {
        private final long interval;
        private final boolean greets;
        private final List<String> done = new ArrayList<>();
        private OriginalAgent agent;
        private long now;
        private boolean up = true;
        private boolean idle = true;
        private String incarnation = ONE;
        private Optional<Failure> failure = Optional.empty();
        private long nextTick = Long.MAX_VALUE;
        private long connectAt = Long.MAX_VALUE;
        private boolean connected;
        private boolean known;
        private boolean commandUnread;

        private World(long interval, boolean greets, long seed) {
            this.interval = interval;
            this.greets = greets;
            this.agent = new OriginalAgent(this, new SplittableRandom(seed), now);
        }

        @Override
        public void beat() {
            done.add("beat");
            if (connected && !known) {
                known = true;
                commandUnread = true;
            }
        }

        @Override
        public void reopen() {
            done.add("reopen");
            open();
        }

        private void open() {
            connected = false;
            commandUnread = false;
            connectAt = now + TO_CONNECT;
        }

        @Override
        public void fetch(Reason reason) {
            done.add("fetch " + reason);
            Optional<Failure> problem = up ? failure : Optional.of(Failure.UNREACHABLE);
            if (problem.isPresent()) {
                agent.notConfigured(problem.get(), now);
            } else {
                open();
                agent.configured(new Terms(interval, 3, 2, 3_600 * SECOND, incarnation), now);
                nextTick = now;
            }
        }

        @Override
        public void exit() {
            done.add("exit");
        }

        private void pass(long millis) {
            for (long end = now + millis; now < end; now += STEP) {
                step();
            }
        }

        private void step() {
            if (!up) {
                connected = false;
                commandUnread = false;
                connectAt = now + TO_CONNECT;
            } else if (!connected && now >= connectAt) {
                connected = true;
                known = false;
                commandUnread = greets;
            }
            if (now >= nextTick) {
                nextTick += interval;
                agent.tick(now);
            }
            if (up && connected && now % interval == interval / 2 && agent.isReading(now)) {
                agent.heardServer(incarnation, now);
            }
            if (commandUnread && agent.isReading(now)) {
                commandUnread = false;
                agent.heardCommand(now);
            }
            agent.look(now, idle);
        }

        /** Starts the agent, lets it become busy, and takes the server away for a while. */
        private void outageInAJob(long millis) {
            pass(10 * interval);
            idle = false;
            done.clear();
            up = false;
            pass(millis);
            up = true;
        }

        private long count(String what) {
            return done.stream().filter(one -> one.startsWith(what)).count();
        }
    }

    /** Intervals and outages in seconds. What the agent is like 30 intervals after the outage, its job still running. */
    @ParameterizedTest
    @CsvSource({
        "1,  2, false, 0, false",
        "1,  2, true,  0, false",
        "1,  6, true,  1, false",
        "1, 12, true,  1, true",
        "1, 12, false, 1, true",
        "1, 60, true,  1, true",
        "1, 60, false, 1, true",
        "10, 20, true, 0, false",
        "10, 60, true,  1, true",
        "10, 60, false, 1, true",
    })
    void jobInAnOutage(long interval, long outage, boolean greets, int reopened, boolean deaf) {
        World world = new World(interval * SECOND, greets, 1);

        world.outageInAJob(outage * SECOND);
        world.pass(30 * interval * SECOND);

        assertThat(world.count("reopen")).isEqualTo(reopened);
        assertThat(world.agent.isDeaf()).isEqualTo(deaf);
        assertThat(world.agent.isOnline())
                .as("a deaf one says nothing by itself")
                .isEqualTo(!deaf);
        assertThat(world.count("fetch")).as("not while the job runs").isZero();
    }

    @Test
    void agentThatIsNotGreetedGoesDeafThoughTheServerIsBack() {
        World world = new World(SECOND, false, 1);

        world.outageInAJob(6 * SECOND);
        world.pass(4 * SECOND);

        assertThat(world.agent.isDeaf()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {6, 12, 60})
    void deafAgentFetchesOnceWhenItsJobHasEndedAndIsWellAgain(long outage) {
        World world = new World(SECOND, false, 1);
        world.outageInAJob(outage * SECOND);
        world.pass(60 * SECOND);
        world.done.clear();

        world.idle = true;
        world.pass(6 * SECOND);

        assertThat(world.count("fetch")).isEqualTo(1);
        assertThat(world.count("fetch DEAF")).isEqualTo(1);
        world.pass(100 * SECOND);
        assertThat(world.count("fetch")).as("later, too").isEqualTo(1);
        assertThat(world.agent.isOnline()).isTrue();
        assertThat(world.agent.isDeaf()).isFalse();
        assertThat(world.agent.pendingRequests()).isZero();
    }

    @Test
    void agentSaysNothingBeforeItHasSeenFourServerHeartbeats() {
        World world = new World(SECOND, true, 1);
        world.outageInAJob(6 * SECOND);
        world.done.clear();

        world.pass(3 * SECOND);
        assertThat(world.count("beat")).isZero();
        world.pass(3 * SECOND);
        assertThat(world.count("beat")).isPositive();
    }

    @Test
    void newIncarnationIsFollowedWithinAnIntervalOfIdleness() {
        World world = new World(10 * SECOND, true, 3);
        world.pass(100 * SECOND);
        world.done.clear();
        world.incarnation = TWO;

        world.pass(21 * SECOND);

        assertThat(world.count("fetch INCARNATION")).isEqualTo(1);
        world.pass(200 * SECOND);
        assertThat(world.count("fetch")).isEqualTo(1);
    }

    @Test
    void newIncarnationWaitsForTheEndOfTheJob() {
        World world = new World(SECOND, true, 3);
        world.pass(10 * SECOND);
        world.idle = false;
        world.incarnation = TWO;

        world.pass(60 * SECOND);
        assertThat(world.count("fetch")).isEqualTo(1);
        world.idle = true;
        world.pass(5 * SECOND + STEP);

        assertThat(world.count("fetch INCARNATION")).isEqualTo(1);
    }

    @Test
    void readerSleepsBeforeItFollowsANewIncarnation() {
        World world = new World(10 * SECOND, true, 3);
        world.pass(100 * SECOND);

        world.agent.heardServer(TWO, world.now);

        assertThat(world.agent.isReading(world.now)).isFalse();
        assertThat(world.agent.isDeaf()).isFalse();
        assertThat(world.agent.isReading(world.now + 10 * SECOND)).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Failure.class)
    void firstRequestThatFailsEndsTheProcessUnlessTheServerIsOnlyAway(Failure failure) {
        World world = new World(SECOND, true, 1);
        world.failure = Optional.of(failure);

        world.pass(200 * SECOND);

        assertThat(world.count("fetch"))
                .isEqualTo(
                        switch (failure) {
                            case UNAVAILABLE -> 2;
                            case UNREACHABLE -> 6;
                            case REFUSED -> 1;
                        });
        assertThat(world.count("exit")).isEqualTo(failure == Failure.UNAVAILABLE ? 0 : 1);
    }

    @Test
    void deafAgentThatIsRefusedStaysDeaf() {
        World world = new World(SECOND, false, 1);
        world.outageInAJob(12 * SECOND);
        world.failure = Optional.of(Failure.REFUSED);
        world.idle = true;

        world.pass(600 * SECOND);

        assertThat(world.count("fetch DEAF")).isEqualTo(1);
        assertThat(world.count("exit")).isZero();
        assertThat(world.agent.isDeaf()).isTrue();
    }

    @Test
    void configurationIsFetchedAgainBeforeItsLifetimeIsOver() {
        World world = new World(SECOND, true, 1);
        world.pass(3_200 * SECOND);
        assertThat(world.count("fetch")).isEqualTo(1);

        world.pass(420 * SECOND);

        assertThat(world.count("fetch DEADLINE")).isEqualTo(1);
    }

    /** Outages, jobs, incarnations and refusals at random: what holds always. */
    @Test
    void randomFatesKeepTheRules() {
        for (long seed = 1; seed <= 300; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            World world = new World(random.nextBoolean() ? SECOND : 3 * SECOND, random.nextBoolean(), seed);
            for (int i = 0; i < 40; i++) {
                world.up = random.nextInt(3) > 0;
                world.idle = random.nextBoolean();
                world.incarnation = random.nextInt(10) == 0 ? TWO : world.incarnation;
                world.pass(random.nextLong(20 * SECOND));
            }
            world.up = true;
            world.idle = true;
            world.pass(400 * SECOND);

            String history = "seed " + seed + ": " + world.done;
            long opened = world.count("reopen") + world.count("fetch");
            assertThat(world.count("fetch DEAF"))
                    .as(history)
                    .isLessThanOrEqualTo(opened * (1 + Reconfigurations.RETRIES));
            assertThat(world.agent.pendingRequests()).as(history).isZero();
            if (world.count("exit") == 0) {
                checkEnd(world, history);
            }
        }
    }

    /** In the end the agent is well, unless it was left deaf by a request that it gave up. */
    private static void checkEnd(World world, String history) {
        boolean well = world.agent.isOnline() && world.agent.isAnswered() && !world.agent.isDeaf();
        boolean leftDeaf = world.agent.isDeaf() && world.count("fetch DEAF") > Reconfigurations.RETRIES;
        assertThat(well || leftDeaf).as(history).isTrue();
        assertThat(world.count("exit")).as(history).isZero();
    }
}
