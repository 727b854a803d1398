package org.pushjobs.server.nodes;

import java.util.List;
import java.util.Set;
import org.pushjobs.protocol.NodeRef;

/** Questions to the node sessions; requests to {@link NodeSessions#QUERIES}. */
sealed interface NodeQuery {
    /** Answered with a list of {@link NodeState}. */
    record OfOrganisation(String orgGuid) implements NodeQuery {}

    /** Answered with a list of one {@link NodeState} or none. */
    record OfNode(NodeRef node) implements NodeQuery {}

    /** Answered with an Integer. */
    record Count() implements NodeQuery {}

    /** Answered with a list of {@link TooLarge}: those of the nodes whose agents would drop a commit of this size. */
    record Refusing(String orgGuid, List<String> nodes, CommitSize size) implements NodeQuery {}

    /** Answered with {@link NodeFacts}. */
    record FactsOfNode(NodeRef node) implements NodeQuery {}

    /** Answered with a list of {@link NodeFacts}: of these nodes and all others of the organisation that are remembered. */
    record FactsOfOrganisation(String orgGuid, Set<String> names) implements NodeQuery {
        public FactsOfOrganisation {
            names = Set.copyOf(names);
        }
    }
}
