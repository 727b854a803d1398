package org.pushjobs.server.gateway;

import java.util.List;
import java.util.Objects;

/**
 * The heartbeat port, as all event loops that share its connections serve it together. Frames are sent as they are. Usable from
 * any thread once the port is open.
 */
final class HeartbeatPort {
    private final List<GatewayLoop> loops;

    /** @param loops that serve the port, all of them once it is open */
    HeartbeatPort(List<GatewayLoop> loops) {
        this.loops = Objects.requireNonNull(loops, "loops");
    }

    /** Sends a heartbeat to all who listen, but for those that were asked to fetch their configuration. */
    void broadcast(byte[] header, byte[] body) {
        loops.forEach(loop -> loop.publish(header, body));
    }

    /** Sends a heartbeat to those that were asked. */
    void broadcastToAsked(byte[] header, byte[] body) {
        loops.forEach(loop -> loop.publishToAsked(header, body));
    }

    /** Asks so many more by this heartbeat, each event loop its share of them. */
    void ask(int count, byte[] header, byte[] body) {
        int share = count / loops.size();
        for (int i = 0; i < loops.size(); i++) {
            loops.get(i).ask(i < count % loops.size() ? share + 1 : share, header, body);
        }
    }

    /** Asks nobody any more. */
    void takeBack() {
        loops.forEach(GatewayLoop::takeBack);
    }

    /** How many were asked and still listen. */
    int asked() {
        return loops.stream().mapToInt(GatewayLoop::asked).sum();
    }
}
