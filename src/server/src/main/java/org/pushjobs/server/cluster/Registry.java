package org.pushjobs.server.cluster;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import com.hazelcast.multimap.MultiMap;
import io.vertx.core.Completable;
import io.vertx.core.spi.cluster.NodeInfo;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import io.vertx.spi.cluster.hazelcast.impl.HazelcastNodeInfo;
import io.vertx.spi.cluster.hazelcast.impl.HazelcastRegistrationInfo;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Vert.x's registry of who listens to which address and where his bus is, with the ability to set right what this process
 * should have in it. The registry loses entries when a member leaves at a bad moment or when parts of a cluster come
 * together again, and nothing else would put them back. Usable from any thread.
 */
final class Registry extends HazelcastClusterManager {
    private static final String REGISTRATIONS = "__vertx.subs";
    private static final String NODES = "__vertx.nodeInfo";

    private record Registration(String address, RegistrationInfo info) {}

    private final HazelcastInstance hazelcast;

    /** What this process wants others to know. */
    private final Set<Registration> own = ConcurrentHashMap.newKeySet();

    /** What members had registered that were not there at the last look; only {@link #repair} uses it. */
    private Set<Registration> ofNobody = Set.of();

    /**
     * What was wrong.
     *
     * @param addresses whose registrations by this process were missing
     * @param node whether it was missing where the bus of this process is
     * @param removed addresses with registrations of processes that are not there
     */
    record Repairs(Set<String> addresses, boolean node, Set<String> removed) {
        boolean isEmpty() {
            return addresses.isEmpty() && !node && removed.isEmpty();
        }
    }

    Registry(HazelcastInstance hazelcast) {
        super(hazelcast);
        this.hazelcast = hazelcast;
    }

    @Override
    public void addRegistration(String address, RegistrationInfo info, Completable<Void> promise) {
        if (info.localOnly()) {
            super.addRegistration(address, info, promise);
            return;
        }
        // not before, or it would be missed while it is on its way; also when it failed, to be tried again
        super.addRegistration(address, info, (result, failure) -> {
            own.add(new Registration(address, info));
            promise.complete(result, failure);
        });
    }

    @Override
    public void removeRegistration(String address, RegistrationInfo info, Completable<Void> promise) {
        Registration registration = new Registration(address, info);
        own.remove(registration);
        super.removeRegistration(address, info, (result, failure) -> {
            // again, for it may have been on its way into the registry
            own.remove(registration);
            promise.complete(result, failure);
        });
    }

    /** Blocks while other members are asked, for Hazelcast's time-out at most; then it throws. One call at a time. */
    Repairs repair() {
        MultiMap<String, HazelcastRegistrationInfo> registered = hazelcast.getMultiMap(REGISTRATIONS);
        Set<Registration> found = registered.entrySet().stream()
                .map(entry -> new Registration(entry.getKey(), entry.getValue().unwrap()))
                .collect(Collectors.toSet());
        return new Repairs(putBackOwn(registered, found), putBackNode(), removeOfNobody(registered, found));
    }

    private Set<String> putBackOwn(MultiMap<String, HazelcastRegistrationInfo> registered, Set<Registration> found) {
        Set<String> missing = new TreeSet<>();
        for (Registration registration : Set.copyOf(own)) {
            if (!found.contains(registration) && own.contains(registration)) {
                HazelcastRegistrationInfo value = new HazelcastRegistrationInfo(registration.info());
                registered.put(registration.address(), value);
                if (own.contains(registration)) {
                    missing.add(registration.address());
                } else {
                    registered.remove(registration.address(), value);
                }
            }
        }
        return missing;
    }

    private boolean putBackNode() {
        IMap<String, HazelcastNodeInfo> nodes = hazelcast.getMap(NODES);
        Optional<NodeInfo> node = Optional.ofNullable(getNodeInfo());
        return node.filter(info -> nodes.putIfAbsent(getNodeId(), new HazelcastNodeInfo(info)) == null)
                .isPresent();
    }

    /**
     * Messages would still be sent there, and be lost. The oldest member does it for all. One that joins may have registered
     * before it is known here, so only what belonged to nobody at the last look, too, goes.
     */
    private Set<String> removeOfNobody(
            MultiMap<String, HazelcastRegistrationInfo> registered, Set<Registration> found) {
        boolean isOldest = hazelcast.getCluster().getMembers().iterator().next().localMember();
        Set<String> members = Set.copyOf(getNodes());
        Map<Boolean, Set<Registration>> suspects = found.stream()
                .filter(registration ->
                        isOldest && !members.contains(registration.info().nodeId()))
                .collect(Collectors.partitioningBy(ofNobody::contains, Collectors.toSet()));
        suspects.get(true)
                .forEach(registration ->
                        registered.remove(registration.address(), new HazelcastRegistrationInfo(registration.info())));
        ofNobody = suspects.get(false);
        return suspects.get(true).stream().map(Registration::address).collect(Collectors.toCollection(TreeSet::new));
    }
}
