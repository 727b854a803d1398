package org.pushjobs.server.cluster;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs who was kept away from the members' port, and which members do not show that they are some: a line a minute of each
 * at most, with how many were left out since. Usable from any thread.
 */
final class StrangerLog {
    private static final Logger LOG = LoggerFactory.getLogger(StrangerLog.class);
    private static final Duration INTERVAL = Duration.ofMinutes(1);

    private final LongSupplier nanos;
    private final AtomicLong refused = new AtomicLong();
    private final Turns atThePort = new Turns();
    private final Turns elsewhere = new Turns();

    /** @param nanos monotonic */
    StrangerLog(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** When there was a line, and what was not said since. */
    private final class Turns {
        private Optional<Long> last = Optional.empty();
        private long omitted;

        /** What to add to the line; empty when there is to be none. */
        synchronized Optional<String> next() {
            long now = nanos.getAsLong();
            if (last.filter(then -> now - then < INTERVAL.toNanos()).isPresent()) {
                omitted++;
                return Optional.empty();
            }
            String more = omitted == 0 ? "" : ", others since the last line: " + omitted;
            last = Optional.of(now);
            omitted = 0;
            return Optional.of(more);
        }
    }

    void refused(InetAddress peer, String reason) {
        refused.incrementAndGet();
        atThePort
                .next()
                .ifPresent(more -> LOG.warn(
                        "refused a connection to cluster_port [from: {}, reason: {}{}]",
                        peer.getHostAddress(),
                        reason,
                        more));
    }

    void notAccepted(InetSocketAddress address, String reason) {
        elsewhere
                .next()
                .ifPresent(more -> LOG.warn(
                        "no member of this cluster at an address where one should be [address: {}, reason: {}{}]",
                        address,
                        reason,
                        more));
    }

    /** Connections to the members' port that were refused. */
    long refused() {
        return refused.get();
    }
}
