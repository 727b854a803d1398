package org.pushjobs.server.cluster;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts the connections whose peers have not proven yet that they are members. Each of them keeps a thread, so there are
 * bounds, for all and for each address; an address that is full keeps nobody else out. Usable from any thread.
 */
final class UnprovenConnections {
    private final int max;
    private final int maxPerAddress;
    private final Map<InetAddress, Integer> counts = new HashMap<>();
    private int total;

    UnprovenConnections(int max, int maxPerAddress) {
        this.max = max;
        this.maxPerAddress = maxPerAddress;
    }

    /** @return whether there was room; then {@link #leave} has to follow */
    synchronized boolean enter(InetAddress peer) {
        int count = counts.getOrDefault(peer, 0);
        if (total >= max || count >= maxPerAddress) {
            return false;
        }
        counts.put(peer, count + 1);
        total++;
        return true;
    }

    synchronized void leave(InetAddress peer) {
        counts.computeIfPresent(peer, (_, count) -> count == 1 ? null : count - 1);
        total--;
    }
}
