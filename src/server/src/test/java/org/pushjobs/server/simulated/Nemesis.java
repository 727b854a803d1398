package org.pushjobs.server.simulated;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;

/**
 * What goes wrong in a world. Each world has some kinds of trouble and not others, so that there are calm ones, and each kind is
 * also seen without the rest. Whatever it breaks it mends after a while.
 */
final class Nemesis {
    private static final int MOST_KINDS = 6;

    private final World world;
    private final SplittableRandom random;
    private final List<Kind> kinds = new ArrayList<>();
    private final int pauseMillis;

    private enum Kind {
        MESSAGES_LOST,
        MESSAGES_LATE,
        LINES_CUT,
        COORDINATOR_PAUSED,
        GATEWAY_PAUSED,
        BACKEND_PAUSED,
        BACKEND_KILLED,
        COORDINATOR_STOPPED,
        CONNECTION_BROKEN,
        ALL_CONNECTIONS_BROKEN,
        CONNECTION_HALF_OPEN,
        CONNECTION_SLOW,
        AGENT_PAUSED,
        AGENT_RESTARTED,
        AGENT_MOVED,
        AGENT_CLOCK_WRONG,
        DATABASE_FLAKY,
        DATABASE_AWAY,
        DATABASE_FLAKY_FOR_ONE,
        DATABASE_HANGING_FOR_ONE,
        CLOCK_JUMPS,
        DATABASE_CLOCK_JUMPS
    }

    Nemesis(World world, SplittableRandom random) {
        this.world = world;
        this.random = random;
        int count = random.nextInt(MOST_KINDS);
        for (int i = 0; i < count; i++) {
            kinds.add(Kind.values()[random.nextInt(Kind.values().length)]);
        }
        this.pauseMillis = 500 + random.nextInt(5_000);
    }

    /** Until then things break. */
    void rage(long untilMillis) {
        long next = world.timeline().millis() + random.nextInt(pauseMillis);
        if (!kinds.isEmpty() && next < untilMillis) {
            world.timeline().after(next - world.timeline().millis(), () -> {
                strike(kinds.get(random.nextInt(kinds.size())));
                rage(untilMillis);
            });
        }
    }

    private void strike(Kind kind) {
        switch (kind) {
            case MESSAGES_LOST -> {
                world.network().lose(20 + random.nextInt(300));
                later(8_000, () -> world.network().lose(0));
            }
            case MESSAGES_LATE -> {
                world.network().slow(50 + random.nextInt(1_500));
                later(8_000, () -> world.network().slow(0));
            }
            case LINES_CUT -> {
                List<String> hosts = List.of("a", "b", "api-1", "api-2");
                String from = hosts.get(random.nextInt(hosts.size()));
                String to = hosts.get(random.nextInt(hosts.size()));
                world.network().cut(from, to);
                if (random.nextBoolean()) {
                    world.network().cut(to, from);
                }
                later(15_000, world.network()::mend);
            }
            case COORDINATOR_PAUSED ->
                backend().coordinator().ifPresent(coordinator -> pause(coordinator.process(), 10_000));
            case GATEWAY_PAUSED -> backend().gateway().ifPresent(gateway -> pauseGateway(gateway, 8_000));
            case BACKEND_PAUSED -> {
                Backend backend = backend();
                int millis = 8_000;
                backend.coordinator().ifPresent(coordinator -> pause(coordinator.process(), millis));
                backend.gateway().ifPresent(gateway -> pauseGateway(gateway, millis));
            }
            case BACKEND_KILLED -> kill(backend());
            case COORDINATOR_STOPPED -> backend().stopCoordinator();
            case CONNECTION_BROKEN -> connection().ifPresent(open -> open.breakOff(delay(), delay()));
            case ALL_CONNECTIONS_BROKEN ->
                backend()
                        .gateway()
                        .ifPresent(gateway -> gateway.port().open().forEach(open -> open.breakOff(delay(), delay())));
            case CONNECTION_HALF_OPEN ->
                connection().ifPresent(open -> open.breakOff(random.nextInt(8_000), random.nextInt(20_000)));
            case CONNECTION_SLOW ->
                connection().ifPresent(open -> {
                    open.slow(random.nextInt(1_500));
                    later(8_000, () -> open.slow(0));
                });
            case AGENT_PAUSED -> pauseAgent(agent());
            case AGENT_RESTARTED -> restart(agent());
            case AGENT_MOVED -> move(agent());
            case AGENT_CLOCK_WRONG -> setClockWrong(agent());
            case DATABASE_FLAKY -> database(ModelDatabase.Mode.FLAKY, List.of("a", "b", "api-1", "api-2", "api-3"));
            case DATABASE_AWAY ->
                database(
                        switch (random.nextInt(3)) {
                            case 0 -> ModelDatabase.Mode.AWAY;
                            case 1 -> ModelDatabase.Mode.HANGING;
                            default -> ModelDatabase.Mode.FULL;
                        },
                        List.of("a", "b", "api-1", "api-2", "api-3"));
            case DATABASE_FLAKY_FOR_ONE ->
                database(ModelDatabase.Mode.FLAKY, List.of(backend().host()));
            case DATABASE_HANGING_FOR_ONE ->
                database(
                        random.nextBoolean() ? ModelDatabase.Mode.HANGING : ModelDatabase.Mode.AWAY,
                        List.of(backend().host()));
            case CLOCK_JUMPS -> backend().clock().jump(random.nextInt(7_200_000) - 3_600_000);
            case DATABASE_CLOCK_JUMPS -> world.database().setClock(random.nextInt(20_000) - 10_000);
        }
    }

    private void later(int withinMillis, Runnable mend) {
        world.timeline().after(1 + random.nextInt(withinMillis), mend);
    }

    private long delay() {
        return random.nextInt(4) == 0 ? random.nextInt(1_000) : random.nextInt(50);
    }

    private Backend backend() {
        return world.backends().get(random.nextInt(world.backends().size()));
    }

    private VirtualAgent agent() {
        return world.agents().get(random.nextInt(world.agents().size()));
    }

    private Optional<VirtualConnection> connection() {
        return agent().link().connection();
    }

    private void pause(VirtualProcess process, int withinMillis) {
        process.pause();
        later(withinMillis, process::resume);
    }

    private void pauseGateway(VirtualGateway gateway, int withinMillis) {
        if (gateway.process().isRunning()) {
            long since = world.timeline().millis();
            gateway.process().pause();
            later(withinMillis, () -> resume(gateway, since));
        }
    }

    private void resume(VirtualGateway gateway, long since) {
        gateway.process().resume();
        disturbed(gateway.agentsSince(since), History.Disturbance.GATEWAY, since);
    }

    private void disturbed(List<VirtualAgent> agents, History.Disturbance what, long since) {
        agents.forEach(
                agent -> world.history().add(new History.Disturbed(agent.ref().node(), what, OptionalLong.of(since))));
    }

    private void kill(Backend backend) {
        if (backend.isAlive()) {
            backend.die();
            if (random.nextBoolean()) {
                later(4_000, backend::takeOver);
            }
            later(15_000, () -> start(backend));
        }
    }

    private static void start(Backend backend) {
        if (!backend.isAlive()) {
            backend.start();
        }
    }

    private void pauseAgent(VirtualAgent agent) {
        VirtualProcess process = agent.process();
        if (process.isRunning()) {
            long since = world.timeline().millis();
            process.pause();
            later(10_000, () -> {
                process.resume();
                disturbed(List.of(agent), History.Disturbance.AGENT, since);
            });
        }
    }

    private void restart(VirtualAgent agent) {
        if (agent.process().isAlive()) {
            long since = world.timeline().millis();
            agent.die();
            later(5_000, () -> {
                agent.start();
                disturbed(List.of(agent), History.Disturbance.AGENT, since);
            });
        }
    }

    /** It is told to connect to the other backend. */
    private void move(VirtualAgent agent) {
        agent.moveTo(agent.home() + 1);
        agent.link().connection().ifPresent(open -> open.breakOff(0, delay()));
    }

    private void setClockWrong(VirtualAgent agent) {
        long since = world.timeline().millis();
        agent.setClock(random.nextBoolean() ? VirtualAgent.Time.AHEAD : VirtualAgent.Time.BEHIND);
        later(15_000, () -> setClockRight(agent, since));
    }

    private void setClockRight(VirtualAgent agent, long since) {
        agent.setClock(VirtualAgent.Time.RIGHT);
        disturbed(List.of(agent), History.Disturbance.CLOCK, since);
    }

    private void database(ModelDatabase.Mode mode, List<String> hosts) {
        hosts.forEach(host -> world.database().become(host, mode));
        later(12_000, () -> hosts.forEach(host -> world.database().become(host, ModelDatabase.Mode.HEALTHY)));
    }
}
