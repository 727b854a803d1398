package org.pushjobs.server.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.pushjobs.server.jobs.Jobs;
import org.pushjobs.server.nodes.NodeStates;
import org.pushjobs.server.store.ClusterIdentity;

/**
 * {@code /pushy/_status}: says that the server is alive, to anybody and whatever the state of the rest. What is not known,
 * or not within a second, is shown as an empty string, 0 or an empty list, so that the shape stays the same.
 */
final class StatusResource implements Handler<RoutingContext> {
    private static final long TIMEOUT_MILLIS = 1_000;

    private final Supplier<Optional<ClusterIdentity>> identity;
    private final NodeStates nodeStates;
    private final Jobs jobs;

    StatusResource(Supplier<Optional<ClusterIdentity>> identity, NodeStates nodeStates, Jobs jobs) {
        this.identity = identity;
        this.nodeStates = nodeStates;
        this.jobs = jobs;
    }

    @Override
    public void handle(RoutingContext context) {
        if (!context.request().method().equals(HttpMethod.GET)) {
            throw SignedRequestHandler.methodNotAllowed(context, Map.of(HttpMethod.GET, this));
        }
        Future<Integer> nodes = orElse(nodeStates.count(), 0);
        Future<List<String>> jobIds = orElse(jobs.liveIds(), List.of());
        Future.all(nodes, jobIds)
                .compose(_ -> JsonAnswer.send(context, 200, document(nodes.result(), jobIds.result())))
                .onFailure(context::fail);
    }

    private static <T> Future<T> orElse(Future<T> asked, T unknown) {
        return asked.timeout(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS).otherwise(unknown);
    }

    private ObjectNode document(int nodes, List<String> jobIds) {
        ObjectNode document = JsonNodeFactory.instance
                .objectNode()
                .put("status", "it's alive")
                .put(
                        "incarnation_id",
                        identity.get().map(ClusterIdentity::incarnationId).orElse(""))
                .put("node_fsm_count", nodes);
        ArrayNode processes = document.putArray("job_processes");
        jobIds.stream().sorted().forEach(processes::add);
        return document;
    }
}
