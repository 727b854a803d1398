package org.pushjobs.server.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.statistics.Statistics;
import org.pushjobs.protocol.message.AgentEnvelope;
import org.pushjobs.protocol.message.JobState;
import org.pushjobs.server.jobs.model.JobStatus;
import org.pushjobs.server.jobs.model.NodeStatus;

/**
 * A job on agents that keep to the protocol, while the server dies and comes back and connections break at any moment
 * (architecture.md, "Restart and resume"): the job ends by itself, without a time-out, and every command runs exactly once and
 * undisturbed.
 */
class JobAcrossRestartsTest {
    private static final int ROUNDS_TO_SETTLE = 12;

    private record World(List<SimulatedAgent> agents, SimulatedServer server, int quorum) {
        /** @param moods one for each agent; 0 is unwilling, odd ones speak protocol 2.1 */
        static World of(List<Integer> moods, int quorum) {
            List<SimulatedAgent> agents = IntStream.range(0, moods.size())
                    .mapToObj(i -> new SimulatedAgent(
                            "node-" + i,
                            moods.get(i) != 0,
                            moods.get(i) % 2 == 0
                                    ? AgentEnvelope.PROTOCOL_VERSION
                                    : AgentEnvelope.EXTENDED_PROTOCOL_VERSION))
                    .toList();
            return new World(agents, new SimulatedServer(agents, quorum), quorum);
        }

        long willing() {
            return agents.stream().filter(SimulatedAgent::willing).count();
        }

        void settle() {
            server.startAgain();
            for (int round = 0; round < ROUNDS_TO_SETTLE; round++) {
                for (SimulatedAgent agent : agents) {
                    agent.finish();
                    IntStream.range(0, 20).forEach(_ -> agent.work());
                    agent.beat();
                    agent.beat();
                    boolean heard = true;
                    while (heard) {
                        heard = server.hear(agent);
                        server.startAgain();
                    }
                }
                server.repeatAborts();
            }
        }
    }

    @Property(tries = 10_000)
    void jobRunsOnceOnEveryWillingNodeWheneverTheServerDies(
            @ForAll @Size(min = 1, max = 4) List<@IntRange(max = 5) Integer> moods,
            @ForAll @IntRange(max = 3) int quorum,
            @ForAll @Size(max = 80) byte[] steps) {
        World world = World.of(moods, quorum);

        play(world, steps, Losses.NONE);

        assertEndedWell(world);
        boolean ran = quorum <= world.willing();
        for (SimulatedAgent agent : world.agents()) {
            assertThat(agent.runs()).as("%s", agent).isEqualTo(ran && agent.willing() ? 1 : 0);
        }
        Statistics.label("job").collect(world.server().status());
    }

    @Property(tries = 10_000)
    void onlyAResultThatIsLostMakesANodeCrash(
            @ForAll @Size(min = 1, max = 4) List<@IntRange(max = 5) Integer> moods,
            @ForAll @IntRange(max = 3) int quorum,
            @ForAll @Size(max = 80) byte[] steps) {
        World world = World.of(moods, quorum);

        play(world, steps, Losses.WHEN_THE_SERVER_DIES);

        assertEndedWell(world);
        for (SimulatedAgent agent : world.agents()) {
            assertThat(agent.runs()).as("%s", agent).isLessThanOrEqualTo(1);
        }
    }

    @Property(tries = 20_000)
    void connectionsThatBreakWhileTheServerLivesAreRepaired(
            @ForAll @Size(min = 1, max = 4) List<@IntRange(max = 5) Integer> moods,
            @ForAll @IntRange(max = 3) int quorum,
            @ForAll @Size(max = 80) byte[] steps) {
        World world = World.of(moods, quorum);

        play(world, steps, Losses.WHEN_A_CONNECTION_BREAKS);

        assertEndedWell(world);
        boolean ran = quorum <= world.willing();
        for (SimulatedAgent agent : world.agents()) {
            assertThat(agent.runs()).as("%s", agent).isEqualTo(ran && agent.willing() ? 1 : 0);
            assertThat(agent.keepsResult()).as("%s", agent).isFalse();
        }
    }

    @Property(tries = 20_000)
    void connectionsThatBreakAndServersThatDieAreRepaired(
            @ForAll @Size(min = 1, max = 4) List<@IntRange(max = 5) Integer> moods,
            @ForAll @IntRange(max = 3) int quorum,
            @ForAll @Size(max = 80) byte[] steps) {
        World world = World.of(moods, quorum);

        play(world, steps, Losses.ALWAYS);

        assertEndedWell(world);
        for (SimulatedAgent agent : world.agents()) {
            assertThat(agent.runs()).as("%s", agent).isLessThanOrEqualTo(1);
        }
    }

    private static void assertEndedWell(World world) {
        boolean quorumMet = world.quorum() <= world.willing();
        assertThat(world.server().status()).isEqualTo(quorumMet ? JobStatus.COMPLETE : JobStatus.QUORUM_FAILED);
        for (SimulatedAgent agent : world.agents()) {
            NodeStatus expected;
            if (!agent.willing()) {
                expected = NodeStatus.NACKED;
            } else if (!quorumMet) {
                expected = NodeStatus.WAS_READY;
            } else {
                expected = agent.resultLost() ? NodeStatus.CRASHED : NodeStatus.SUCCEEDED;
            }
            assertThat(world.server().status(agent.name())).as("%s", agent).isEqualTo(expected);
            assertThat(agent.kills()).as("%s", agent).isZero();
            assertThat(agent.state()).as("%s", agent).isEqualTo(JobState.IDLE);
        }
    }

    private static void play(World world, byte[] steps, Losses losses) {
        SimulatedServer server = world.server();
        Random random = new Random(Arrays.hashCode(steps));
        server.startJob();
        for (byte step : steps) {
            SimulatedAgent agent =
                    world.agents().get((step & 3) % world.agents().size());
            int action = (step & 0xff) >> 2;
            if (action < 20) {
                agent.work();
            } else if (action < 30) {
                agent.beat();
            } else if (action < 34) {
                agent.finish();
            } else if (action < 56) {
                server.hear(agent);
            } else if (action < 58) {
                server.startAgain();
            } else if (losses.withLivingServer() && action % 2 == 0) {
                agent.loseSome(random);
            } else if (losses == Losses.WHEN_A_CONNECTION_BREAKS) {
                agent.beat();
            } else if (action < 62 && server.isUp()) {
                server.dieAfter(step & 3);
            } else {
                server.die();
                if (losses.withTheServer()) {
                    world.agents().forEach(other -> other.loseSome(random));
                }
            }
        }
        world.settle();
    }

    /** When messages that are under way get lost. */
    private enum Losses {
        NONE,
        WHEN_THE_SERVER_DIES,
        WHEN_A_CONNECTION_BREAKS,
        ALWAYS;

        private boolean withTheServer() {
            return this == WHEN_THE_SERVER_DIES || this == ALWAYS;
        }

        private boolean withLivingServer() {
            return this == WHEN_A_CONNECTION_BREAKS || this == ALWAYS;
        }
    }
}
