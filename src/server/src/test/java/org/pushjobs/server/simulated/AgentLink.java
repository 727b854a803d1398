package org.pushjobs.server.simulated;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.pushjobs.protocol.message.AgentMessage;

/**
 * How one life of an agent gets to a gateway and knows whether one is there (wire-protocol.md, "CURVE and ZAP" and "What the agent
 * does with it"). It connects again by itself; when no heartbeat of the server has come for a while it drops what waits to be
 * sent, and begins anew. An agent of protocol 2.0 that then hears nothing while it has a job is deaf until the job ends.
 */
final class AgentLink {
    private static final int OFFLINE_INTERVALS = 4;
    private static final int ONLINE_HEARTBEATS = 3;
    private static final int ROUNDS = 4;
    private static final int MOST_QUEUED = 3;
    /** Then somebody restarts an agent that is deaf and waits for a command to run: it would wait for ever. */
    private static final long HOPELESS_MILLIS = 30_000;

    private final World world;
    private final SplittableRandom random;
    private final VirtualAgent agent;
    private final Deque<AgentMessage> queued = new ArrayDeque<>();
    private Optional<VirtualConnection> connection = Optional.empty();
    private boolean connecting;
    private int attempt;
    private long heardMillis;
    private long lastHeartbeat;
    private int heartbeats;
    private boolean online = true;
    private boolean deaf;
    private boolean heardCommand;
    /** It asks for its configuration: when that is there, so is the server. */
    private boolean asksAnew;

    private int rounds;

    AgentLink(World world, SplittableRandom random, VirtualAgent agent) {
        this.world = world;
        this.random = random;
        this.agent = agent;
    }

    void start() {
        heardMillis = world.timeline().millis();
        connect(random.nextInt(100));
    }

    private void connect(long millis) {
        if (!connecting) {
            connecting = true;
            int mine = ++attempt;
            agent.process().after(millis, () -> world.portFor(agent).ifPresent(port -> port.connect(agent, this)));
            // nobody is there, or does not answer
            agent.process().after(millis + 300 + random.nextInt(2_500), () -> {
                if (connecting && attempt == mine) {
                    connecting = false;
                    connect(0);
                }
            });
        }
    }

    void connected(VirtualConnection made) {
        connecting = false;
        connection.filter(other -> other != made).ifPresent(other -> other.breakOff(0, random.nextInt(50)));
        connection = Optional.of(made);
        if (asksAnew) {
            asksAnew = false;
            online = true;
            heardMillis = world.timeline().millis();
        }
        flush();
        if (isSpeaking()) {
            agent.connectedAgain();
        }
    }

    void disconnected(VirtualConnection ended) {
        if (connection.equals(Optional.of(ended))) {
            connection = Optional.empty();
            connect(random.nextInt(300));
        }
    }

    /** With its agent. */
    void end() {
        connection.ifPresent(open -> open.breakOff(0, random.nextInt(500)));
        connection = Optional.empty();
        queued.clear();
    }

    boolean isOnline() {
        return online && !deaf && connection.filter(open -> !open.isBroken()).isPresent();
    }

    boolean isDeaf() {
        return deaf;
    }

    /** Whether the agent sends anything now. */
    boolean isSpeaking() {
        return online && !deaf;
    }

    boolean hears(VirtualConnection from) {
        boolean heard = !deaf && connection.equals(Optional.of(from));
        heardCommand |= heard;
        return heard;
    }

    Optional<VirtualConnection> connection() {
        return connection;
    }

    void send(AgentMessage message) {
        if (connection.isPresent()) {
            connection.get().toServer(message, agent.time());
        } else if (agent.isExtended() && message instanceof AgentMessage.Heartbeat) {
            // it is written when it can be sent
            return;
        } else if (queued.size() < MOST_QUEUED) {
            queued.addLast(message);
        } else {
            agent.lost(message);
        }
    }

    private void flush() {
        while (!queued.isEmpty()) {
            connection.orElseThrow().toServer(queued.removeFirst(), agent.time());
        }
    }

    /** To be called once in an interval: is the server there? */
    void look() {
        long now = world.timeline().millis();
        if (deaf) {
            if (now - heardMillis > HOPELESS_MILLIS && !agent.isRunning()) {
                world.restart(agent);
            }
            return;
        }
        long last = connection
                .filter(open -> !open.isBroken())
                .map(open -> open.port().heartbeatMillis())
                .orElse(lastHeartbeat);
        if (last > lastHeartbeat) {
            lastHeartbeat = last;
            heardMillis = now;
            heartbeats++;
        }
        if (online && now - heardMillis > OFFLINE_INTERVALS * World.INTERVAL_MILLIS) {
            online = false;
            reopen();
        } else if (!online) {
            waitForServer();
        }
    }

    private void reopen() {
        heartbeats = 0;
        rounds = 0;
        heardCommand = false;
        queued.forEach(agent::lost);
        queued.clear();
        connection.ifPresent(open -> open.breakOff(0, random.nextInt(50)));
        connection = Optional.empty();
        connect(random.nextInt(200));
    }

    private void waitForServer() {
        rounds++;
        if (rounds > ROUNDS && !heardCommand && connection.isPresent()) {
            if (agent.isBusy() && !agent.isExtended()) {
                deaf = true;
                world.history()
                        .add(new History.Disturbed(agent.ref().node(), History.Disturbance.DEAF, OptionalLong.empty()));
            } else {
                asksAnew = true;
                reopen();
            }
        } else if (heartbeats >= ONLINE_HEARTBEATS) {
            online = true;
            connection.ifPresent(_ -> {
                flush();
                agent.connectedAgain();
            });
        }
    }

    /** The agent has nothing to do any more; one that is deaf asks for its configuration. */
    void jobEnded() {
        if (deaf) {
            agent.process().after(1_000 + random.nextInt(5_000), () -> {
                deaf = false;
                online = false;
                asksAnew = true;
                reopen();
            });
        }
    }
}
