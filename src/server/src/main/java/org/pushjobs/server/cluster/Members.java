package org.pushjobs.server.cluster;

import com.hazelcast.cluster.Address;
import com.hazelcast.cluster.Cluster;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.LifecycleEvent.LifecycleState;
import com.hazelcast.core.LifecycleService;
import io.vertx.core.Context;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.pushjobs.config.ClusterConfig;
import org.pushjobs.config.MemberAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is in the cluster, this process included, as this process sees it. Nothing may depend on all seeing the same. Usable
 * from any thread.
 */
public final class Members {
    /** The attribute by which Vert.x knows the members. */
    static final String NODE_ID = "__vertx.nodeId";

    private static final Logger LOG = LoggerFactory.getLogger(Members.class);
    private static final int MOST_LEFT = 100;
    private static final String NO_MEMBER =
            "this process is no member of the cluster any more, see what is before this in its log; restart it";

    private final LifecycleService life;
    private final Cluster cluster;
    private final List<MemberAddress> others;
    private final String self;
    private final MemberInfo own;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    /** By node id, oldest member first. */
    private final Map<String, Member> members = new LinkedHashMap<>();

    /** Processes that were members and are not any more, the last of them. */
    private final SequencedSet<String> left = new LinkedHashSet<>();

    /** Processes whose version is too far from this one's, the last of them that came. */
    private final SequencedSet<String> strange = new LinkedHashSet<>();

    private boolean ended;

    private record Listener(Context context, Consumer<MemberChange> action) {
        void tell(MemberChange change) {
            context.runOnContext(_ -> action.accept(change));
        }
    }

    Members(HazelcastInstance hazelcast, ClusterConfig config) {
        this.life = hazelcast.getLifecycleService();
        this.cluster = hazelcast.getCluster();
        this.others = config.others();
        this.self = cluster.getLocalMember().getAttribute(NODE_ID);
        this.own = MemberInfo.of(cluster.getLocalMember().getAttributes());
    }

    /** From now on changes are seen. */
    void watch() {
        AnyChange.listen(cluster, this::refresh);
        life.addLifecycleListener(event -> {
            if (event.getState() == LifecycleState.MERGED || event.getState() == LifecycleState.SHUTDOWN) {
                refresh();
                sayWhetherEnded();
            }
        });
        refresh();
    }

    /** Compares with what Hazelcast knows now: whatever event got lost, what follows is right. */
    synchronized void refresh() {
        if (ended) {
            return;
        }
        Map<String, Member> now = present();
        List<MemberChange> changes = new ArrayList<>();
        members.values().stream()
                .filter(member -> !now.containsKey(member.nodeId()))
                .forEach(member -> changes.add(new MemberChange.Left(member)));
        now.values().stream()
                .filter(member -> !members.containsKey(member.nodeId()))
                .forEach(member -> changes.add(new MemberChange.Joined(member)));
        members.clear();
        members.putAll(now);
        for (MemberChange change : changes) {
            note(change);
            log(change);
            sayWhetherStrange(change);
            listeners.forEach(listener -> listener.tell(change));
        }
    }

    private void note(MemberChange change) {
        String process = change.member().info().process();
        switch (change) {
            case MemberChange.Joined _ -> left.remove(process);
            case MemberChange.Left _ -> {
                left.add(process);
                if (left.size() > MOST_LEFT) {
                    left.removeFirst();
                }
            }
        }
    }

    /** This process leaves, of which nobody in it needs to be told. */
    synchronized void end() {
        ended = true;
        listeners.clear();
    }

    /** This process alone, when it is no member any more. */
    private Map<String, Member> present() {
        Map<String, Member> present = new LinkedHashMap<>();
        if (!life.isRunning()) {
            find(self).ifPresent(own -> present.put(self, own));
            return present;
        }
        for (com.hazelcast.cluster.Member member : cluster.getMembers()) {
            Address address = member.getAddress();
            Optional.ofNullable(member.getAttribute(NODE_ID))
                    .ifPresent(nodeId -> present.put(
                            nodeId,
                            new Member(
                                    nodeId,
                                    new MemberAddress(address.getHost(), address.getPort()).toString(),
                                    MemberInfo.of(member.getAttributes()))));
        }
        return present;
    }

    private void log(MemberChange change) {
        Member member = change.member();
        LOG.info(
                "{} [name: {}, address: {}, version: {}, roles: {}, members now: {}]",
                switch (change) {
                    case MemberChange.Joined _ -> member.nodeId().equals(self) ? "joined the cluster" : "member joined";
                    case MemberChange.Left _ -> "member left";
                },
                member.info().name(),
                member.address(),
                member.info().version(),
                member.info().roles(),
                members.size());
    }

    /** Once of each process, however often it comes. */
    private void sayWhetherStrange(MemberChange change) {
        Member member = change.member();
        if (change instanceof MemberChange.Joined
                && !member.info().isNeighbourOf(own)
                && strange.add(member.info().process())) {
            LOG.warn(
                    "the version of a member and that of this server are further apart than a version and the next one,"
                            + " and they may not understand each other: upgrade the older one first to the version between"
                            + " [name: {}, address: {}, version: {}, own version: {}]",
                    member.info().name(),
                    member.address(),
                    member.info().version(),
                    own.version());
            if (strange.size() > MOST_LEFT) {
                strange.removeFirst();
            }
        }
    }

    private synchronized void sayWhetherEnded() {
        if (!ended && !life.isRunning()) {
            LOG.error("{}", NO_MEMBER);
        }
    }

    /** Node id of this process. */
    public String self() {
        return self;
    }

    /** All of them, the oldest first. */
    public synchronized List<Member> all() {
        return List.copyOf(members.values());
    }

    public synchronized Optional<Member> find(String nodeId) {
        return Optional.ofNullable(members.get(nodeId));
    }

    /**
     * Tells who is there and then each change, in order and on the given context.
     *
     * @return ends it; a change that is already on its way may still come
     */
    public synchronized Runnable listen(Context context, Consumer<MemberChange> action) {
        Listener listener = new Listener(context, action);
        members.values().forEach(member -> listener.tell(new MemberChange.Joined(member)));
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** How many there should be, this process included. */
    public int expected() {
        return others.size() + 1;
    }

    /** Whether the process of that id was a member, has left, and has not come back. */
    public synchronized boolean hasLeft(String process) {
        return left.contains(process);
    }

    /** Ids of the gateways of all processes; empty when others that are configured are missing, and may have one. */
    public synchronized Optional<Set<String>> gateways() {
        return members.size() < expected()
                ? Optional.empty()
                : Optional.of(members.values().stream()
                        .flatMap(member -> member.info().gateway().stream())
                        .collect(Collectors.toUnmodifiableSet()));
    }

    /** Whether this process still takes part. */
    public boolean isMember() {
        return life.isRunning();
    }

    /** Who is there, for people. */
    public String description() {
        List<Member> all = all();
        return all.stream().map(member -> member.info().name()).collect(Collectors.joining(", ")) + " (" + all.size()
                + " of " + expected() + ")";
    }

    /** Why an operator should look at the cluster; empty when all is well. */
    public Optional<String> problem() {
        if (!life.isRunning()) {
            return Optional.of(NO_MEMBER);
        }
        int count = all().size();
        return count > 1 || others.isEmpty()
                ? Optional.empty()
                : Optional.of("this process is alone in the cluster although there are other cluster_members: " + others
                        + "; look whether they run, reach cluster_port and cluster_bus_port and have the same secrets");
    }
}
