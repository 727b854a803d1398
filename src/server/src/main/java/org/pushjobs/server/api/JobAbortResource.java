package org.pushjobs.server.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.jobs.JobAbortRequest;
import org.pushjobs.server.jobs.Jobs;

/** {@code jobs/ID/abort}: asks for the end of a job; a body is not looked at. */
final class JobAbortResource {
    private final Jobs jobs;

    JobAbortResource(Jobs jobs) {
        this.jobs = jobs;
    }

    Map<HttpMethod, Operation> operations(AccessRules rules) {
        return Map.of(
                HttpMethod.POST,
                Operation.reading(JsonAnswer.MEDIA_TYPE, rules::write, this::abort)
                        .acting("job_abort"));
    }

    private Future<Void> abort(RoutingContext context, Requestor requestor) {
        String id = context.pathParam("id");
        if (!Names.isJobId(id)) {
            throw new ServerException(404, "there is no job '" + id + "'");
        }
        JobAbortRequest request = new JobAbortRequest(
                requestor.organisation().guid(), id, requestor.principal().name());
        return jobs.abort(request)
                .compose(status -> JsonAnswer.send(
                        context,
                        202,
                        JsonNodeFactory.instance.objectNode().put("id", id).put("status", status.label())));
    }
}
