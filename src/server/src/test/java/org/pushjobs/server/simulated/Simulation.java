package org.pushjobs.server.simulated;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * The life of one {@link World}, from its seed: jobs are started and aborted while things go wrong; then nothing goes wrong any
 * more, and everything has to come to rest.
 */
final class Simulation {
    /** By then the servers are there and the agents are available. */
    private static final int CALM_MILLIS = 6_000;

    private static final int MOST_RAGE_MILLIS = 40_000;
    private static final int MOST_JOBS = 5;
    private static final int MOST_AGENTS = 5;
    private static final long MOST_REST_MILLIS = 300_000;
    private static final long LOOK_MILLIS = 2_000;

    private final World world;
    private final SplittableRandom random;
    private final int agents;

    /**
     * What came of it.
     *
     * @param millis how long it lasted, in its time
     */
    record Outcome(
            long seed,
            Set<Plant> plants,
            History history,
            List<Checker.Violation> violations,
            Outcomes outcomes,
            long millis) {
        boolean isGood() {
            return violations.isEmpty();
        }

        /** How to see it again, what is wrong, and the end of what happened. */
        String describe(int lastLines) {
            Map<String, String> names = new HashMap<>();
            List<String> lines = new ArrayList<>();
            history.entries().forEach(entry -> lines.add(History.withNames(entry.toString(), names)));
            StringBuilder text = new StringBuilder("seed " + seed + (plants.isEmpty() ? "" : ", planted: " + plants)
                    + "; SimulatedClusterTest.main with this seed shows all of it\n");
            violations.forEach(violation -> text.append("  ")
                    .append(History.withNames(violation.toString(), names))
                    .append('\n'));
            lines.subList(Math.max(0, lines.size() - lastLines), lines.size())
                    .forEach(line -> text.append(line).append('\n'));
            return text.toString();
        }
    }

    private Simulation(long seed, Set<Plant> plants, World.Detail detail) {
        random = new SplittableRandom(seed);
        agents = 1 + random.nextInt(MOST_AGENTS);
        world = new World(random.nextLong(), plants, detail, agents);
    }

    static Outcome run(long seed, Set<Plant> plants) {
        return run(seed, plants, World.Detail.WHAT_IS_CHECKED);
    }

    static Outcome run(long seed, Set<Plant> plants, World.Detail detail) {
        Simulation simulation = new Simulation(seed, plants, detail);
        List<String> unsettled = simulation.live();
        Checker.Verdict verdict = Checker.check(simulation.world.history(), unsettled);
        return new Outcome(
                seed,
                plants,
                simulation.world.history(),
                verdict.violations(),
                verdict.outcomes(),
                simulation.world.timeline().millis());
    }

    private List<String> live() {
        int rage = random.nextInt(MOST_RAGE_MILLIS);
        int jobs = 1 + random.nextInt(MOST_JOBS);
        for (int i = 0; i < jobs; i++) {
            planJob(i, rage);
        }
        new Nemesis(world, random.split()).rage(CALM_MILLIS + rage);
        world.timeline().pass(CALM_MILLIS + rage);
        // by then everything is mended
        world.timeline().pass(20_000);
        long since = world.timeline().millis();
        List<String> unsettled = world.unsettled();
        while (!unsettled.isEmpty() && world.timeline().millis() - since < MOST_REST_MILLIS) {
            world.timeline().pass(LOOK_MILLIS);
            unsettled = world.unsettled();
        }
        return unsettled;
    }

    private void planJob(int number, int rage) {
        VirtualClient client =
                world.clients().get(random.nextInt(world.clients().size()));
        List<String> names = new ArrayList<>();
        world.agents().forEach(agent -> names.add(agent.ref().node()));
        List<String> nodes = VirtualClient.some(random, names, 1 + random.nextInt(agents));
        int quorum = random.nextInt(4) == 0 ? 1 : random.nextInt(nodes.size() + 1);
        Work work = new Work(
                "work-" + number,
                random.nextLong(),
                1 + random.nextInt(random.nextBoolean() ? 2_000 : 15_000),
                random.nextInt(3) == 0 ? 300 : 0,
                random.nextInt(3) == 0 ? 300 : 0,
                random.nextInt(20) == 0 ? 300 : 0);
        boolean captures = random.nextBoolean();
        world.timeline()
                .after(
                        CALM_MILLIS + random.nextInt(rage + 2_000),
                        () -> client.startJob(nodes, quorum, work, captures));
        if (random.nextInt(5) == 0) {
            world.timeline().after(CALM_MILLIS + random.nextInt(rage + 10_000), () -> abortOne(client));
        }
    }

    private void abortOne(VirtualClient client) {
        List<String> started = world.startedJobs();
        if (!started.isEmpty()) {
            client.abort(started.get(random.nextInt(started.size())));
        }
    }
}
