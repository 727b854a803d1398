package org.pushjobs.server.simulated;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.pushjobs.server.facts.Order;
import org.pushjobs.server.gateway.ContactLog;
import org.pushjobs.server.nodes.NodeSessions;

/** One life of a gateway: the real sessions of nodes over virtual ports. */
final class VirtualGateway {
    private final World world;
    private final String id;
    private final VirtualProcess process;
    private final NodeSessions sessions;
    private long epoch;
    private VirtualPort port;

    VirtualGateway(World world, SplittableRandom random, String host, int life, HostClock clock) {
        this.world = world;
        this.id = host + "-gateway#" + life;
        this.process = new VirtualProcess(id, host, world.timeline(), random.split());
        process.every(HostClock.CHECK_MILLIS, clock::check);
        PlantedLines planted = new PlantedLines(world.plants());
        this.sessions = new NodeSessions(new NodeSessions.Setup(
                id,
                World.HEALTH,
                World.MAX_BODY_BYTES,
                listener -> {
                    port = new VirtualPort(world, random.split(), process, clock, listener);
                    return port;
                },
                _ -> Optional.of(World.TOLD),
                new ContactLog(),
                World.METRICS,
                clock.steady(),
                process,
                world.linesOf(process, planted::told)));
        LineWatch orders = new LineWatch(world, this::agentsSince);
        world.network().openGateway(id, process, batch -> {
            orders.heard(Long.toString(batch.epoch()));
            if (!batch.orders().isEmpty() && batch.orders().getFirst() instanceof Order.WatchAll) {
                port.planted().jobsAreKnown(true);
            }
            sessions.arrived(planted.heard(batch));
        });
        world.network().listen(process, beat -> {
            if (beat.epoch() > epoch) {
                epoch = beat.epoch();
                port.planted().jobsAreKnown(false);
            }
            sessions.heard(beat);
        });
        sessions.begin();
    }

    String id() {
        return id;
    }

    VirtualProcess process() {
        return process;
    }

    VirtualPort port() {
        return port;
    }

    /** Who has a connection here, or had one at that time or later. */
    List<VirtualAgent> agentsSince(long millis) {
        return port.agentsSince(millis);
    }

    /** The process is killed. */
    void die() {
        world.isLost(this);
        process.end();
        port.end();
        world.network().closeGateway(id);
        world.network().leave(process);
    }
}
