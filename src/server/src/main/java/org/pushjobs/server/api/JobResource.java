package org.pushjobs.server.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pushjobs.protocol.message.OutputTail;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.feeds.EnvValues;
import org.pushjobs.server.jobs.model.JobNode;
import org.pushjobs.server.jobs.model.StoredJob;
import org.pushjobs.server.store.JobReads;

/** {@code jobs/ID}. */
final class JobResource {
    private final JobReads jobReads;

    JobResource(JobReads jobReads) {
        this.jobReads = jobReads;
    }

    Map<HttpMethod, Operation> operations(AccessRules rules) {
        return Map.of(
                HttpMethod.GET,
                Operation.reading(
                        JsonAnswer.MEDIA_TYPE,
                        rules::read,
                        (context, requestor) ->
                                rules.envValues(requestor).compose(values -> show(context, requestor, values))));
    }

    private Future<Void> show(RoutingContext context, Requestor requestor, EnvValues values) {
        String id = context.pathParam("id");
        Future<Optional<StoredJob>> found = Names.isJobId(id)
                ? jobReads.find(requestor.organisation().guid(), id)
                : Future.succeededFuture(Optional.empty());
        return found.compose(job -> {
            StoredJob stored = job.orElseThrow(() -> new ServerException(404, "there is no job '" + id + "'"));
            ObjectNode document =
                    isFileWanted(context) ? JobDocument.withFile(stored, values) : JobDocument.of(stored, values);
            if (!JobDetail.isWanted(context)) {
                return JsonAnswer.send(context, 200, document);
            }
            // read after the job, so that a job shown as ended has nodes that have ended
            return jobReads.nodes(stored.orgGuid(), id)
                    .compose(nodes -> tails(context, stored, nodes).compose(tails -> {
                        document.set(JobDetail.KEY, JobDetail.of(stored, nodes, tails));
                        return JsonAnswer.send(context, 200, document);
                    }));
        });
    }

    private Future<Map<String, OutputTail>> tails(RoutingContext context, StoredJob job, List<JobNode> nodes) {
        return JobDetail.isWanted(context, JobDetail.OUTPUT_TAIL)
                        && nodes.stream().anyMatch(node -> node.tailBytes() > 0)
                ? jobReads.tails(job.orgGuid(), job.id(), JobDetail.MOST_TAIL_BYTES)
                : Future.succeededFuture(Map.of());
    }

    private static boolean isFileWanted(RoutingContext context) {
        return context.queryParam("include_file").stream().anyMatch("true"::equals);
    }
}
