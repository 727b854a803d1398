package org.pushjobs.server.nodes;

import java.util.Optional;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.server.store.ToldConfig;

/** What agents are told now. Usable from any thread. */
@FunctionalInterface
public interface CurrentConfig {
    /**
     * @param told what the node's agent was told last
     * @return the same where that still holds, else what it would be told now; empty while that is not known
     */
    Optional<ToldConfig> of(NodeRef node, Optional<ToldConfig> told);
}
