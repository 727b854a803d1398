package org.pushjobs.server.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.Optional;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.store.Channel;
import org.pushjobs.server.store.JobNode;
import org.pushjobs.server.store.JobReads;
import org.pushjobs.server.store.OutputState;
import org.pushjobs.server.store.StoredJob;

/** {@code jobs/ID} and what was captured of its commands' output. */
final class JobResource {
    private static final String OUTPUT_MEDIA_TYPE = "application/octet-stream";

    private static final String DROPPED =
            ": the agent dropped the output, it is longer than the agent's limit for" + " stdout and stderr together";

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
            ObjectNode document =
                    isWanted(context, "include_file") ? JobDocument.withFile(stored) : JobDocument.of(stored);
            if (!isWanted(context, JobDetail.KEY)) {
                return JsonAnswer.send(context, 200, document);
            }
            // read after the job, so that a job shown as ended has nodes that have ended
            return jobReads.nodes(stored.orgGuid(), id).compose(nodes -> {
                document.set(JobDetail.KEY, JobDetail.of(stored, nodes));
                return JsonAnswer.send(context, 200, document);
            });
        });
    }

    private static boolean isWanted(RoutingContext context, String parameter) {
        return context.queryParam(parameter).stream().anyMatch("true"::equals);
    }

    private Future<Void> showOutput(RoutingContext context, Requestor requestor, Channel channel) {
        String id = context.pathParam("id");
        String node = context.pathParam("node");
        Future<Optional<byte[]>> found = Names.isJobId(id) && Names.isNodeName(node)
                ? jobReads.output(requestor.organisation().guid(), id, node, channel)
                : Future.succeededFuture(Optional.empty());
        return found.compose(output -> output.map(bytes -> context.response()
                        .putHeader(HttpHeaders.CONTENT_TYPE, OUTPUT_MEDIA_TYPE)
                        .end(Buffer.buffer(bytes)))
                .orElseGet(() -> whyMissing(requestor.organisation().guid(), id, node)
                        .compose(why -> Future.failedFuture(new ServerException(
                                404,
                                "there is no " + channel.label() + " of node '" + node + "' for job '" + id + "'"
                                        + why)))));
    }

    /** Empty where there is nothing to say about it. */
    private Future<String> whyMissing(String orgGuid, String id, String node) {
        if (!Names.isJobId(id) || !Names.isNodeName(node)) {
            return Future.succeededFuture("");
        }
        return jobReads.node(orgGuid, id, node)
                .map(found -> found.map(JobNode::output)
                        .filter(OutputState.Dropped.class::isInstance)
                        .map(_ -> DROPPED)
                        .orElse(""));
    }
}
