package org.pushjobs.server.simulated;

import java.util.SplittableRandom;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.ServerMessage;
import org.pushjobs.server.gateway.Route;

/**
 * A connection of an agent to a gateway. It keeps the order in both directions; when it breaks, what is under way is lost, and
 * each side learns of that at another time, or only from the silence.
 */
final class VirtualConnection {
    private static final int USUAL_MILLIS = 5;

    private final World world;
    private final Timeline timeline;
    private final SplittableRandom random;
    private final VirtualAgent agent;
    private final VirtualPort port;
    private final Route route;
    private long lastToServer;
    private long lastToAgent;
    private boolean broken;
    private int mostMillis = USUAL_MILLIS;

    VirtualConnection(World world, SplittableRandom random, VirtualAgent agent, VirtualPort port, Route route) {
        this.world = world;
        this.timeline = world.timeline();
        this.random = random;
        this.agent = agent;
        this.port = port;
        this.route = route;
    }

    VirtualAgent agent() {
        return agent;
    }

    VirtualPort port() {
        return port;
    }

    Route route() {
        return route;
    }

    boolean isBroken() {
        return broken;
    }

    /** From now on a message may take so long. */
    void slow(int millis) {
        mostMillis = Math.max(USUAL_MILLIS, millis);
    }

    void toServer(AgentMessage message, VirtualAgent.Time time) {
        world.trace(() -> this + " says " + brief(message) + (broken ? " in vain" : ""));
        lastToServer = Math.max(lastToServer, timeline.millis() + random.nextInt(mostMillis));
        timeline.after(lastToServer - timeline.millis(), () -> {
            if (broken || !port.process().isAlive()) {
                agent.lost(message);
            } else {
                port.hasGot(agent, message);
                port.process().arrive(() -> port.received(this, message, time));
            }
        });
    }

    void toAgent(ServerMessage message) {
        lastToAgent = Math.max(lastToAgent, timeline.millis() + random.nextInt(mostMillis));
        timeline.after(lastToAgent - timeline.millis(), () -> {
            if (!broken) {
                world.trace(() -> this + " hears " + message.getClass().getSimpleName());
                agent.arrived(this, message);
            }
        });
    }

    /**
     * It is broken, and nothing arrives any more.
     *
     * @param agentMillis after which the agent notices
     * @param serverMillis after which the server does
     */
    void breakOff(long agentMillis, long serverMillis) {
        if (broken) {
            return;
        }
        broken = true;
        world.trace(() -> this + " breaks");
        agent.loses();
        timeline.after(agentMillis, () -> agent.disconnected(this));
        timeline.after(serverMillis, () -> port.process().arrive(() -> port.disconnected(this)));
    }

    private static String brief(AgentMessage message) {
        String state = message instanceof AgentMessage.Heartbeat heartbeat ? " " + heartbeat.jobState() : "";
        return message.getClass().getSimpleName()
                + state
                + message.jobId().map(job -> " " + job).orElse("");
    }

    @Override
    public String toString() {
        return agent.process() + " " + route.connection() + " " + port.process();
    }
}
