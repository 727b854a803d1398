package org.pushjobs.server.cluster;

import com.hazelcast.cluster.Address;
import com.hazelcast.instance.EndpointQualifier;
import com.hazelcast.instance.impl.Node;
import com.hazelcast.internal.cluster.impl.TcpIpJoiner;
import com.hazelcast.internal.server.ServerConnectionManager;
import java.time.Duration;
import java.util.Collection;
import java.util.function.Predicate;

/**
 * Begins with those members that are there; the others are found later. Hazelcast's own joiner waits for whole seconds, also for
 * those that refuse at once, and for ten more where it notices at a bad moment that one says nothing. A server that is started
 * because the other one is dead has to be ready in 3 s (packaging-ha.md, section 4).
 */
final class PromptJoiner extends TcpIpJoiner {
    /** The first packet of a connection is sent again after a second when it got lost. */
    private static final Duration PATIENCE = Duration.ofMillis(1_200);

    private static final Duration LOOK = Duration.ofMillis(5);

    PromptJoiner(Node node) {
        super(node);
    }

    @Override
    public void doJoin() {
        ServerConnectionManager connections = node.getServer().getConnectionManager(EndpointQualifier.MEMBER);
        Collection<Address> members = getPossibleAddressesForInitialJoin();
        members.forEach(connections::getOrConnect);
        // Hazelcast itself puts those on its list to which no connection can be made
        Predicate<Address> isOpen = address -> !isBlacklisted(address) && connections.get(address) == null;
        try {
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (members.stream().anyMatch(isOpen) && System.nanoTime() - end < 0) {
                Thread.sleep(LOOK);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        members.stream().filter(isOpen).forEach(address -> blacklist(address, false));
        super.doJoin();
    }
}
