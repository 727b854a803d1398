package org.pushjobs.server.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.Comparator;
import java.util.Map;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.codec.HttpDate;
import org.pushjobs.server.nodes.NodeState;
import org.pushjobs.server.nodes.NodeStates;

/** {@code node_states} and {@code node_states/NODE}: which nodes can take part in a job (rest-api.md, "Node states"). */
final class NodeStatesResource {
    private final NodeStates nodeStates;

    NodeStatesResource(NodeStates nodeStates) {
        this.nodeStates = nodeStates;
    }

    Map<HttpMethod, Operation> listOperations(AccessRules rules) {
        return Map.of(HttpMethod.GET, Operation.reading(JsonAnswer.MEDIA_TYPE, rules::read, this::list));
    }

    Map<HttpMethod, Operation> nodeOperations(AccessRules rules) {
        return Map.of(HttpMethod.GET, Operation.reading(JsonAnswer.MEDIA_TYPE, rules::read, this::show));
    }

    private Future<Void> list(RoutingContext context, Requestor requestor) {
        return nodeStates.list(requestor.organisation().guid()).compose(states -> {
            ArrayNode documents = JsonNodeFactory.instance.arrayNode(states.size());
            states.stream()
                    .sorted(Comparator.comparing(state -> state.node().node()))
                    .forEach(state -> {
                        ObjectNode document = documents
                                .addObject()
                                .put("node_name", state.node().node());
                        putState(document, state);
                    });
            return JsonAnswer.send(context, 200, documents);
        });
    }

    private Future<Void> show(RoutingContext context, Requestor requestor) {
        NodeRef node = new NodeRef(requestor.organisation().guid(), context.pathParam("node"));
        return nodeStates.find(node).compose(state -> {
            ObjectNode document = JsonNodeFactory.instance
                    .objectNode()
                    .put("node_name", node.node())
                    .put("status", state.isPresent() ? "online" : "offline");
            state.ifPresentOrElse(
                    known -> putState(document, known), () -> document.put("availability", "unavailable"));
            return JsonAnswer.send(context, 200, document);
        });
    }

    private static void putState(ObjectNode document, NodeState state) {
        document.put("availability", state.available() ? "available" : "unavailable");
        document.put("updated_at", HttpDate.format(state.updatedAt()));
    }
}
