package org.pushjobs.server.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.pushjobs.server.feeds.EnvValues;
import org.pushjobs.server.feeds.FeedLimits;
import org.pushjobs.server.jobs.JobRequest;
import org.pushjobs.server.jobs.Jobs;
import org.pushjobs.server.jobs.model.JobQuery;
import org.pushjobs.server.jobs.model.JobSummary;
import org.pushjobs.server.jobs.model.JobTerms;
import org.pushjobs.server.store.JobReads;

/** {@code jobs}: lists an organisation's jobs and starts new ones. */
final class JobsResource {
    private final Jobs jobs;
    private final JobReads jobReads;
    private final JobRequestParser parser;
    private final JobLocation location;
    private final FeedLimits limits;

    /** @param limits of what waits for a client that reads slowly */
    JobsResource(Jobs jobs, JobReads jobReads, JobRequestParser parser, JobLocation location, FeedLimits limits) {
        this.jobs = jobs;
        this.jobReads = jobReads;
        this.parser = parser;
        this.location = location;
        this.limits = limits;
    }

    Map<HttpMethod, Operation> operations(AccessRules rules) {
        return Map.of(
                HttpMethod.GET,
                Operation.reading(
                        JsonAnswer.MEDIA_TYPE,
                        rules::read,
                        (context, requestor) ->
                                rules.envValues(requestor).compose(values -> list(context, requestor, values))),
                HttpMethod.POST,
                new Operation(
                                JsonAnswer.MEDIA_TYPE,
                                Optional.of(JsonAnswer.MEDIA_TYPE),
                                rules::write,
                                this::prepareStart)
                        .acting("job_start"));
    }

    private Future<Void> list(RoutingContext context, Requestor requestor, EnvValues values) {
        boolean detail = JobDetail.isWanted(context);
        Function<JobSummary, ObjectNode> document = job -> {
            ObjectNode listed = JobDocument.of(job, values);
            if (detail) {
                listed.set(JobDetail.KEY, JobDetail.of(job));
            }
            return listed;
        };
        return Paging.query(context.queryParams())
                .map(query -> page(context, requestor, document, query))
                .orElseGet(() ->
                        AllJobs.send(context, jobReads, requestor.organisation().guid(), document, limits));
    }

    /** Asks for one more than the page has room for, to know whether there is a next one. */
    private Future<Void> page(
            RoutingContext context, Requestor requestor, Function<JobSummary, ObjectNode> document, JobQuery query) {
        return jobReads.page(requestor.organisation().guid(), query.withRoomFor(query.limit() + 1))
                .compose(found -> {
                    if (found.size() <= query.limit()) {
                        return AllJobs.sendWhole(context, found, document);
                    }
                    List<JobSummary> page = found.subList(0, query.limit());
                    String jobsUri = location.ofJobs(
                            context.request(), requestor.organisation().name());
                    context.response()
                            .putHeader(
                                    "Link",
                                    "<" + jobsUri + "?" + Paging.next(query, page.getLast())
                                            + (JobDetail.isWanted(context) ? "&" + JobDetail.KEY + "=true" : "")
                                            + ">; rel=\"next\"");
                    return AllJobs.sendWhole(context, page, document);
                });
    }

    private Operation.Action prepareStart(RoutingContext context, Buffer body) {
        JobTerms terms = parser.parse(body.getBytes());
        AuditedRequest.runs(context, terms);
        return requestor -> jobs.start(new JobRequest(
                        requestor.organisation().guid(),
                        requestor.principal().name(),
                        terms,
                        IdempotencyHeader.read(context.request(), body),
                        Optional.of(requestor.organisation().name())))
                .compose(id -> answerStarted(context, requestor.organisation().name(), id));
    }

    private Future<Void> answerStarted(RoutingContext context, String orgName, String id) {
        AuditedRequest.job(context, id);
        String uri = location.of(context.request(), orgName, id);
        ObjectNode answer =
                JsonNodeFactory.instance.objectNode().put("uri", uri).put("id", id);
        context.response().putHeader(HttpHeaders.LOCATION, uri);
        return JsonAnswer.send(context, 201, answer);
    }
}
