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
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.server.directory.Directory;
import org.pushjobs.server.directory.Principal;
import org.pushjobs.server.nodes.Gathered;
import org.pushjobs.server.nodes.NodeDetail;
import org.pushjobs.server.nodes.NodeState;
import org.pushjobs.server.nodes.NodeStates;
import org.pushjobs.server.nodes.UnavailableReason;

/**
 * {@code node_states} and {@code node_states/NODE}: which nodes can take part in a job (rest-api.md, "Node states"). With
 * {@code all=true} or {@code status=…} the list has the nodes that are away too; with {@code detail=true} both say all that is
 * known of a node, and why it is unavailable; where a gateway that may know more does not answer, a header says so. Without
 * these they are as from the original server.
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

    private static final String INCOMPLETE = "X-Incomplete";

    private final NodeStates nodeStates;
    private final Optional<Directory> allNames;
    private final Clock clock;

    /** @param allNames where every client is whose agent could be a node; empty when somebody else may have more of them */
    NodeStatesResource(NodeStates nodeStates, Optional<Directory> allNames, Clock clock) {
        this.nodeStates = nodeStates;
        this.allNames = allNames;
        this.clock = clock;
    }

    Map<HttpMethod, Operation> listOperations(AccessRules rules) {
        return Map.of(HttpMethod.GET, Operation.reading(JsonAnswer.MEDIA_TYPE, rules::read, this::list));
    }

    Map<HttpMethod, Operation> nodeOperations(AccessRules rules) {
        return Map.of(HttpMethod.GET, Operation.reading(JsonAnswer.MEDIA_TYPE, rules::readNode, this::show));
    }

    private Future<Void> list(RoutingContext context, Requestor requestor) {
        String orgGuid = requestor.organisation().guid();
        boolean all = isTrue(context, "all");
        List<String> status = context.queryParam("status");
        Optional<Function<NodeDetail, ObjectNode>> withDetail = document(context);
        if (status.isEmpty() && !all && withDetail.isEmpty()) {
            return nodeStates
                    .list(orgGuid)
                    .compose(states -> answer(
                            context,
                            states.stream()
                                    .sorted(Comparator.comparing(
                                            (NodeState state) -> state.node().node()))
                                    .map(NodeDocument::of)));
        }
        Predicate<NodeDetail> wanted = wanted(status.stream().findFirst(), all);
        return nodeStates
                .details(orgGuid)
                .map(gathered -> found(context, gathered))
                .compose(nodes -> answer(
                        context,
                        nodes.stream()
                                .filter(wanted)
                                .sorted(Comparator.comparing(
                                        (NodeDetail node) -> node.node().node()))
                                .map(withDetail.orElse(NodeDocument::listed))));
    }

    /** What shows a node with its detail; empty where that is not asked for. */
    private Optional<Function<NodeDetail, ObjectNode>> document(RoutingContext context) {
        Instant now = clock.instant();
        return isTrue(context, "detail") ? Optional.of(node -> NodeDocument.withDetail(node, now)) : Optional.empty();
    }

    private static boolean isTrue(RoutingContext context, String parameter) {
        List<String> given = context.queryParam(parameter);
        String value = given.isEmpty() ? "false" : given.getFirst();
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw QueryParameters.invalid(parameter, value, "must be true or false");
        };
    }

    private static Predicate<NodeDetail> wanted(Optional<String> status, boolean all) {
        return status.map(NodeStatesResource::ofStatus).orElseGet(() -> all ? _ -> true : NodeDetail::online);
    }

    private static Predicate<NodeDetail> ofStatus(String status) {
        Predicate<NodeDetail> wanted = STATUSES.get(status);
        if (wanted == null) {
            throw QueryParameters.invalid(
                    "status", status, "must be one of online, offline, available and unavailable");
        }
        return wanted;
    }

    private static Future<Void> answer(RoutingContext context, Stream<ObjectNode> documents) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        documents.forEach(list::add);
        return JsonAnswer.send(context, 200, list);
    }

    private Future<Void> show(RoutingContext context, Requestor requestor) {
        NodeRef node = new NodeRef(requestor.organisation().guid(), context.pathParam("node"));
        Future<ObjectNode> shown = document(context)
                .map(withDetail -> nodeStates
                        .detail(node)
                        .map(gathered -> found(context, gathered))
                        .compose(
                                detail -> named(detail, requestor.organisation().name()))
                        .map(withDetail))
                .orElseGet(() -> nodeStates.find(node).map(state -> NodeDocument.of(node, state)));
        return shown.compose(document -> JsonAnswer.send(context, 200, document));
    }

    /** Of a node that was never heard of it can be told whether there could be one. */
    private Future<NodeDetail> named(NodeDetail node, String orgName) {
        boolean neverHeardOf = node.unavailable()
                .filter(UnavailableReason.NeverFetchedConfig.class::isInstance)
                .isPresent();
        return allNames.filter(_ -> neverHeardOf)
                .map(directory -> directory
                        .principals(orgName, node.node().node())
                        .map(found -> found.stream().anyMatch(one -> one.type() == Principal.Type.CLIENT)
                                ? node
                                : node.because(new UnavailableReason.UnknownName())))
                .orElseGet(() -> Future.succeededFuture(node));
    }

    /** An answer with a part missing says so. */
    private static <T> T found(RoutingContext context, Gathered<T> gathered) {
        gathered.missing().ifPresent(why -> context.response().putHeader(INCOMPLETE, why));
        return gathered.found();
    }
}
