package org.pushjobs.server.nodes;

import java.util.List;
import java.util.Set;
import org.pushjobs.server.bus.WireCodec;
import org.pushjobs.server.bus.WireFormat;

/** Codecs of questions about nodes and of their answers. */
public final class NodeCodecs {
    /** To the term; {@link NodeQuery} says what it is answered with. */
    public static final WireCodec<NodeQuery> QUERY =
            new WireCodec<>("pushjobs.nodes.query", NodeQuery.class, WireCodec.SHORT, NodeFormats.QUERY);

    /** What the term answers. */
    public static final WireCodec<List<NodeState>> STATES =
            new WireCodec<>("pushjobs.nodes.states", List.class, WireCodec.LONG, list(NodeFormats.STATE));

    static final WireCodec<NodeQuery.OfGateway> QUERY_OF_GATEWAY = new WireCodec<>(
            "pushjobs.nodes.query-of-gateway", NodeQuery.OfGateway.class, WireCodec.LONG, NodeFormats.QUERY_OF_GATEWAY);

    static final WireCodec<List<NodeFacts>> FACTS =
            new WireCodec<>("pushjobs.nodes.facts", List.class, WireCodec.LONG, list(NodeFormats.FACTS));

    public static final Set<WireCodec<?>> ALL = Set.of(QUERY, STATES, QUERY_OF_GATEWAY, FACTS);

    private NodeCodecs() {}

    private static <T> WireFormat<List<T>> list(WireFormat<T> format) {
        return WireFormat.of((out, values) -> out.list(1, format, values), in -> in.list(1, format));
    }
}
