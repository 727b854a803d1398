package org.pushjobs.server.simulated;

import java.util.Optional;
import java.util.SplittableRandom;

/** A machine with a gateway and a coordinator, which may be started any number of times. */
final class Backend {
    private final World world;
    private final SplittableRandom random;
    private final String host;
    private int life;
    private HostClock clock;
    private Optional<VirtualGateway> gateway = Optional.empty();
    private Optional<Coordinator> coordinator = Optional.empty();
    private boolean takenOver;

    Backend(World world, SplittableRandom random, String host) {
        this.world = world;
        this.random = random;
        this.host = host;
        start();
    }

    String host() {
        return host;
    }

    Optional<VirtualGateway> gateway() {
        return gateway;
    }

    Optional<Coordinator> coordinator() {
        return coordinator;
    }

    HostClock clock() {
        return clock;
    }

    boolean isAlive() {
        return gateway.isPresent();
    }

    /** Whether its address is the other machine's now. */
    boolean isTakenOver() {
        return takenOver;
    }

    void takeOver() {
        takenOver = true;
    }

    void start() {
        life++;
        takenOver = false;
        clock = new HostClock(world.timeline(), random.nextInt(2_000) - 1_000);
        gateway = Optional.of(new VirtualGateway(world, random.split(), host, life, clock));
        coordinator = Optional.of(newCoordinator());
    }

    private Coordinator newCoordinator() {
        int mine = life;
        return new Coordinator(world, random.split(), host, life, clock, holder -> isEarlierLife(holder, mine));
    }

    private boolean isEarlierLife(String holder, int mine) {
        String prefix = host + "-coordinator#";
        return holder.startsWith(prefix) && Integer.parseInt(holder.substring(prefix.length())) < mine;
    }

    /** The coordinator ends in good order, and another one begins. */
    void stopCoordinator() {
        Optional<Coordinator> stopping = coordinator;
        stopping.ifPresent(old -> old.stop().onComplete(_ -> {
            if (coordinator.equals(stopping)) {
                old.die();
                life++;
                coordinator = Optional.of(newCoordinator());
            }
        }));
    }

    /** All of it is killed. */
    void die() {
        gateway.ifPresent(VirtualGateway::die);
        coordinator.ifPresent(Coordinator::die);
        gateway = Optional.empty();
        coordinator = Optional.empty();
    }
}
