package org.pushjobs.server.api;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.Optional;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.store.Channel;
import org.pushjobs.server.store.JobReads;
import org.pushjobs.server.store.StoredJob;

/** {@code jobs/ID} and what was captured of its commands' output. */
final class JobResource {
    private static final String OUTPUT_MEDIA_TYPE = "application/octet-stream";

    private final JobReads jobReads;

    JobResource(JobReads jobReads) {
        this.jobReads = jobReads;
    }

    Map<HttpMethod, Operation> operations(AccessRules rules) {
        return Map.of(HttpMethod.GET, Operation.reading(JsonAnswer.MEDIA_TYPE, rules::read, this::show));
    }

    Map<HttpMethod, Operation> outputOperations(AccessRules rules, Channel channel) {
        return Map.of(
                HttpMethod.GET,
                Operation.reading(
                        OUTPUT_MEDIA_TYPE,
                        rules::read,
                        (context, requestor) -> showOutput(context, requestor, channel)));
    }

    private Future<Void> show(RoutingContext context, Requestor requestor) {
        String id = context.pathParam("id");
        Future<Optional<StoredJob>> found = Names.isJobId(id)
                ? jobReads.find(requestor.organisation().guid(), id)
                : Future.succeededFuture(Optional.empty());
        return found.compose(job -> {
            StoredJob stored = job.orElseThrow(() -> new ServerException(404, "there is no job '" + id + "'"));
            boolean includeFile = context.queryParam("include_file").stream().anyMatch("true"::equals);
            return JsonAnswer.send(context, 200, includeFile ? JobDocument.withFile(stored) : JobDocument.of(stored));
        });
    }

    private Future<Void> showOutput(RoutingContext context, Requestor requestor, Channel channel) {
        String id = context.pathParam("id");
        String node = context.pathParam("node");
        Future<Optional<byte[]>> found = Names.isJobId(id) && Names.isNodeName(node)
                ? jobReads.output(requestor.organisation().guid(), id, node, channel)
                : Future.succeededFuture(Optional.empty());
        return found.compose(output -> context.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, OUTPUT_MEDIA_TYPE)
                .end(Buffer.buffer(output.orElseThrow(() -> new ServerException(
                        404, "there is no " + channel.label() + " of node '" + node + "' for job '" + id + "'")))));
    }
}
