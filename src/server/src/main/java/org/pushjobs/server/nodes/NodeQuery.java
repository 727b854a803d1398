package org.pushjobs.server.nodes;

import java.util.Set;
import org.pushjobs.protocol.NodeRef;

/** Questions to the term about the nodes, sent to {@link NodeStatesOverBus#questionsOf}. */
public sealed interface NodeQuery {
    /** Answered with a list of {@link NodeState}. */
    record OfOrganisation(String orgGuid) implements NodeQuery {}

    /** Answered with a list of one {@link NodeState}, or of none when the node has no session. */
    record OfNode(NodeRef node) implements NodeQuery {}

    /** Answered with an Integer. */
    record Count() implements NodeQuery {}

    /** Answered with the ids of the gateways that may know something of the node: the one that has it, or else all. */
    record GatewaysOf(NodeRef node) implements NodeQuery {}

    /** Answered with the ids of all gateways. */
    record Gateways() implements NodeQuery {}

    /** Questions to one gateway, sent to {@link GatewayVerticle#questionsOf}; answered with a list of {@link NodeFacts}. */
    sealed interface OfGateway {}

    /** Of this node. */
    record FactsOfNode(NodeRef node) implements OfGateway {}

    /** Of these nodes and all others of the organisation that are remembered. */
    record FactsOfOrganisation(String orgGuid, Set<String> names) implements OfGateway {
        public FactsOfOrganisation {
            names = Set.copyOf(names);
        }
    }
}
