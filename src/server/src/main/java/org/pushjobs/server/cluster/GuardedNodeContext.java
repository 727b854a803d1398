package org.pushjobs.server.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.instance.EndpointQualifier;
import com.hazelcast.instance.impl.DefaultNodeContext;
import com.hazelcast.instance.impl.DefaultNodeExtension;
import com.hazelcast.instance.impl.HazelcastInstanceFactory;
import com.hazelcast.instance.impl.Node;
import com.hazelcast.instance.impl.NodeExtension;
import com.hazelcast.internal.cluster.Joiner;
import com.hazelcast.nio.MemberSocketInterceptor;

/**
 * Makes Hazelcast ask the guard about each connection and join promptly. The community edition has the calls but not the
 * settings for it, so these are internal classes; {@code StrangersIT} and {@code PromptJoinerIT} fail when another version does
 * without them.
 */
final class GuardedNodeContext extends DefaultNodeContext {
    private final MemberGuard guard;

    private GuardedNodeContext(MemberGuard guard) {
        this.guard = guard;
    }

    /** Starts Hazelcast and joins. Blocks for seconds; throws when the own port cannot be opened. */
    static HazelcastInstance start(Config config, MemberGuard guard) {
        return HazelcastInstanceFactory.newHazelcastInstance(config, null, new GuardedNodeContext(guard));
    }

    @Override
    public NodeExtension createNodeExtension(Node node) {
        return new DefaultNodeExtension(node) {
            @Override
            public MemberSocketInterceptor getSocketInterceptor(EndpointQualifier endpoint) {
                return guard;
            }
        };
    }

    @Override
    public Joiner createJoiner(Node node) {
        return new PromptJoiner(node);
    }
}
