package org.pushjobs.server.api;

import java.util.Objects;
import org.pushjobs.server.store.ClusterIdentity;

/**
 * What the agent of one node is told.
 *
 * @param terms where it connects to, among others
 * @param identity as the gateway there has it
 */
public record AgentWelcome(AgentTerms terms, ClusterIdentity identity) {
    public AgentWelcome {
        Objects.requireNonNull(terms, "terms");
        Objects.requireNonNull(identity, "identity");
    }
}
