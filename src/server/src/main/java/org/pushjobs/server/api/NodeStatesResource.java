package org.pushjobs.server.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.nodes.NodeDetail;
import org.pushjobs.server.nodes.NodeState;
import org.pushjobs.server.nodes.NodeStates;

/**
 * {@code node_states} and {@code node_states/NODE}: which nodes can take part in a job (rest-api.md, "Node states"). With
 * {@code all=true} or {@code status=…} the list has the nodes that are away too, and the reason.
 */
final class NodeStatesResource {
    private static final Map<String, Predicate<NodeDetail>> STATUSES = Map.of(
            "online",
            NodeDetail::online,
            "offline",
            node -> !node.online(),
            "available",
            NodeDetail::available,
            "unavailable",
            node -> !node.available());

    private final NodeStates nodeStates;
    private final Clock clock;

    NodeStatesResource(NodeStates nodeStates, Clock clock) {
        this.nodeStates = nodeStates;
        this.clock = clock;
    }

    Map<HttpMethod, Operation> listOperations(AccessRules rules) {
        return Map.of(HttpMethod.GET, Operation.reading(JsonAnswer.MEDIA_TYPE, rules::read, this::list));
    }

    Map<HttpMethod, Operation> nodeOperations(AccessRules rules) {
        return Map.of(HttpMethod.GET, Operation.reading(JsonAnswer.MEDIA_TYPE, rules::read, this::show));
    }

    private Future<Void> list(RoutingContext context, Requestor requestor) {
        String orgGuid = requestor.organisation().guid();
        List<String> all = context.queryParam("all");
        List<String> status = context.queryParam("status");
        if (status.isEmpty() && !isTrue(all)) {
            return nodeStates
                    .list(orgGuid)
                    .compose(states -> answer(
                            context,
                            states.stream()
                                    .sorted(Comparator.comparing(
                                            (NodeState state) -> state.node().node()))
                                    .map(NodeDocument::of)));
        }
        Predicate<NodeDetail> wanted = status.isEmpty() ? _ -> true : wanted(status.getFirst());
        Instant now = clock.instant();
        return nodeStates
                .details(orgGuid)
                .compose(nodes -> answer(
                        context,
                        nodes.stream()
                                .filter(wanted)
                                .sorted(Comparator.comparing(
                                        (NodeDetail node) -> node.node().node()))
                                .map(node -> NodeDocument.of(node, now))));
    }

    private static boolean isTrue(List<String> given) {
        return switch (given.isEmpty() ? "false" : given.getFirst()) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new ServerException(400, "the parameter 'all' must be true or false");
        };
    }

    private static Predicate<NodeDetail> wanted(String status) {
        Predicate<NodeDetail> wanted = STATUSES.get(status);
        if (wanted == null) {
            throw new ServerException(
                    400, "the parameter 'status' must be one of online, offline, available and unavailable");
        }
        return wanted;
    }

    private static Future<Void> answer(RoutingContext context, Stream<ObjectNode> documents) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        documents.forEach(list::add);
        return JsonAnswer.send(context, 200, list);
    }

    private Future<Void> show(RoutingContext context, Requestor requestor) {
        return nodeStates
                .detail(new NodeRef(requestor.organisation().guid(), context.pathParam("node")))
                .compose(node -> JsonAnswer.send(context, 200, NodeDocument.of(node, clock.instant())));
    }
}
