package org.pushjobs.agent.link;

import java.time.Duration;
import java.util.Optional;

/**
 * What the connections to the server's two ports say about it. A server that is down and one that has moved look the same:
 * nobody listens where the configuration says. A server whose port takes connections is where it should be, and its
 * heartbeats are waited for much longer. Belongs to the agent's thread; times are milliseconds of one monotonic clock.
 */
final class Reachability {
    /** Server heartbeats arrive, the command port cannot be reached for so long: it has moved. */
    static final Duration COMMAND_PORT_PATIENCE = Duration.ofSeconds(10);

    /** A port that takes connections but sends no heartbeats may belong to somebody else by now. */
    static final Duration SHORTEST_SILENCE = Duration.ofSeconds(30);

    private static final int SILENT_INTERVALS = 10;

    private final PortConnection heartbeats;
    private final PortConnection commands;
    private final ConnectionWatch heartbeatWatch;
    private final ConnectionWatch commandWatch;
    private final long intervalMillis;

    /** @param intervalMillis between server heartbeats */
    Reachability(ConnectionWatch heartbeatWatch, ConnectionWatch commandWatch, long intervalMillis) {
        this.heartbeats = heartbeatWatch.connection();
        this.commands = commandWatch.connection();
        this.heartbeatWatch = heartbeatWatch;
        this.commandWatch = commandWatch;
        this.intervalMillis = intervalMillis;
    }

    void look(long nowMillis) {
        heartbeatWatch.look(nowMillis);
        commandWatch.look(nowMillis);
    }

    /** Whether the server may have moved, by its heartbeat port. */
    boolean isServerUnheard(ServerPresence presence, long nowMillis) {
        long silence = Math.max(SHORTEST_SILENCE.toMillis(), SILENT_INTERVALS * intervalMillis);
        return heartbeats.downMillis(nowMillis) >= intervalMillis
                || !presence.online() && heartbeats.upMillis(nowMillis) >= silence;
    }

    /** The address of the heartbeat port while it cannot be connected to. */
    Optional<String> unreachableHeartbeats() {
        return heartbeats.isUp() ? Optional.empty() : Optional.of(heartbeats.address());
    }

    /**
     * Whether the server is there and its command port is not.
     *
     * @param vainAttempts how often in a row a new configuration has not helped; each doubles the patience
     */
    boolean isCommandPortGone(ServerPresence presence, int vainAttempts, long nowMillis) {
        long patience = Math.max(COMMAND_PORT_PATIENCE.toMillis(), 2 * intervalMillis) << Math.min(vainAttempts, 5);
        return presence.online()
                && heartbeats.upMillis(nowMillis) >= patience
                && commands.downMillis(nowMillis) >= patience;
    }

    /** Why a port cannot be reached, for people. */
    Optional<String> problem() {
        return heartbeatWatch.problem().or(commandWatch::problem);
    }

    /** When {@link #look} is worth calling; what else there is to ask is asked at every heartbeat. */
    long nextCheckMillis() {
        return Math.min(heartbeatWatch.nextCheckMillis(), commandWatch.nextCheckMillis());
    }
}
