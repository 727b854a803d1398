package org.pushjobs.server.cluster;

import com.hazelcast.cluster.Cluster;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;

/**
 * Whenever a member comes or goes. A class of its own, as a process that is alone loads {@link Members} and nothing of
 * Hazelcast.
 */
final class AnyChange implements MembershipListener {
    private final Runnable action;

    private AnyChange(Runnable action) {
        this.action = action;
    }

    static void listen(Cluster cluster, Runnable action) {
        cluster.addMembershipListener(new AnyChange(action));
    }

    @Override
    public void memberAdded(MembershipEvent event) {
        action.run();
    }

    @Override
    public void memberRemoved(MembershipEvent event) {
        action.run();
    }
}
