package org.pushjobs.zmtp;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.pushjobs.zmtp.wire.CloseReason;

/** How many connections there may be, all together and from one address. Servers that share a port share one. Any thread. */
public final class ConnectionQuota {
    private final int max;
    private final int maxPerAddress;
    private final AtomicInteger open = new AtomicInteger();
    private final ConcurrentHashMap<String, Integer> openByAddress = new ConcurrentHashMap<>();

    public ConnectionQuota(int max, int maxPerAddress) {
        Limits.requirePositive(max, "max");
        Limits.requirePositive(maxPerAddress, "maxPerAddress");
        this.max = max;
        this.maxPerAddress = maxPerAddress;
    }

    /** Connections that are open or in their handshake. */
    public int open() {
        return open.get();
    }

    /** Takes a connection in; the reason when there is no room. */
    Optional<CloseReason> take(String address) {
        if (open.incrementAndGet() > max) {
            open.decrementAndGet();
            return Optional.of(CloseReason.TOO_MANY_CONNECTIONS);
        }
        int fromThere = openByAddress.merge(address, 1, Integer::sum);
        if (fromThere > maxPerAddress) {
            release(address);
            return Optional.of(CloseReason.TOO_MANY_FROM_ADDRESS);
        }
        return Optional.empty();
    }

    /** Gives the place of a connection back. */
    void release(String address) {
        open.decrementAndGet();
        openByAddress.computeIfPresent(address, (_, count) -> count == 1 ? null : count - 1);
    }
}
