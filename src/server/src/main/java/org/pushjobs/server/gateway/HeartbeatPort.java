package org.pushjobs.server.gateway;

import java.util.ArrayList;
import java.util.Comparator;
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

    /** Asks so many more by this heartbeat, or all; each event loop its share of them. */
    void ask(int count, byte[] header, byte[] body) {
        List<GatewayLoop> fewestFirst = loops.stream()
                .sorted(Comparator.comparingInt(GatewayLoop::unasked))
                .toList();
        List<Integer> shares =
                shares(count, fewestFirst.stream().map(GatewayLoop::unasked).toList());
        for (int i = 0; i < shares.size(); i++) {
            fewestFirst.get(i).ask(shares.get(i), header, body);
        }
    }

    /**
     * Divides as evenly as can be, and so that nothing is left over while somebody has more.
     *
     * @param available how many each has, fewest first
     */
    static List<Integer> shares(int count, List<Integer> available) {
        List<Integer> shares = new ArrayList<>();
        int left = count;
        for (int i = 0; i < available.size(); i++) {
            int share = Math.min(available.get(i), left / (available.size() - i));
            shares.add(share);
            left -= share;
        }
        return shares;
    }

    /** Asks nobody any more. */
    void takeBack() {
        loops.forEach(GatewayLoop::takeBack);
    }

    /** How many were asked and still listen. */
    int asked() {
        return loops.stream().mapToInt(GatewayLoop::asked).sum();
    }

    /** How many listen that were not asked. */
    int unasked() {
        return loops.stream().mapToInt(GatewayLoop::unasked).sum();
    }
}
