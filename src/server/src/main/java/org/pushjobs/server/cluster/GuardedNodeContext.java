package org.pushjobs.server.cluster;

import com.hazelcast.instance.EndpointQualifier;
import com.hazelcast.instance.impl.DefaultNodeContext;
import com.hazelcast.instance.impl.DefaultNodeExtension;
import com.hazelcast.instance.impl.Node;
import com.hazelcast.instance.impl.NodeExtension;
import com.hazelcast.nio.MemberSocketInterceptor;

/**
 * Makes Hazelcast ask the guard about each connection. The community edition has the calls but not the setting for it, so
 * these are internal classes; {@code StrangersIT} fails when another version does without them.
 */
final class GuardedNodeContext extends DefaultNodeContext {
    private final MemberGuard guard;

    GuardedNodeContext(MemberGuard guard) {
        this.guard = guard;
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
}
