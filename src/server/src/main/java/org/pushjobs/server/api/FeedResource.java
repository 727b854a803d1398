package org.pushjobs.server.api;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.feeds.EnvValues;
import org.pushjobs.server.feeds.Feeds;
import org.pushjobs.server.feeds.LiveStream;
import org.pushjobs.server.jobs.model.StoredJob;
import org.pushjobs.server.store.JobReads;

/** {@code job_status_feed} and {@code job_status_feed/ID}: the events of an organisation and of a job. */
final class FeedResource {
    /** As it always was, and as it was documented. */
    static final List<String> NAMES = List.of("job_status_feed", "jobs_status_feed");

    private final Feeds feeds;
    private final JobReads jobReads;
    private final LastingAccess access;

    FeedResource(Feeds feeds, JobReads jobReads, LastingAccess access) {
        this.feeds = feeds;
        this.jobReads = jobReads;
        this.access = access;
    }

    Map<HttpMethod, Operation> organisationOperations(AccessRules rules) {
        return Map.of(
                HttpMethod.GET,
                Operation.reading(
                        LiveStream.EVENTS,
                        rules::read,
                        (context, requestor) -> rules.envValues(requestor)
                                .compose(values -> followOrganisation(context, requestor, values))));
    }

    Map<HttpMethod, Operation> jobOperations(AccessRules rules) {
        return Map.of(
                HttpMethod.GET,
                Operation.reading(
                        LiveStream.EVENTS,
                        rules::read,
                        (context, requestor) ->
                                rules.envValues(requestor).compose(values -> followJob(context, requestor, values))));
    }

    private Future<Void> followOrganisation(RoutingContext context, Requestor requestor, EnvValues values) {
        return feeds.followOrganisation(
                        context.request(), requestor.organisation().guid(), values, lastEventId(context.request()))
                .map(stream -> watch(context, requestor, values, stream));
    }

    private Future<Void> followJob(RoutingContext context, Requestor requestor, EnvValues values) {
        String id = context.pathParam("id");
        Future<Optional<StoredJob>> found = Names.isJobId(id)
                ? jobReads.find(requestor.organisation().guid(), id)
                : Future.succeededFuture(Optional.empty());
        return found.map(job -> watch(
                context,
                requestor,
                values,
                begin(
                        context,
                        job.orElseThrow(() -> new ServerException(404, "there is no job '" + id + "'")),
                        values)));
    }

    private LiveStream begin(RoutingContext context, StoredJob job, EnvValues values) {
        HttpServerRequest request = context.request();
        QueryParameters parameters = new QueryParameters(context.queryParams());
        boolean history = OutputQuery.flag(parameters, "history").orElse(false);
        if (history ? feeds.hasNoHistory(job) : feeds.isOver(job)) {
            return feeds.summarise(
                    request, job, new JsonObject(JobDocument.of(job, values).toString()));
        }
        boolean output = OutputQuery.flag(parameters, "output").orElse(false);
        if (history && output) {
            throw QueryParameters.invalid("output", "true", "cannot be true together with 'history'");
        }
        return feeds.followJob(
                request,
                job,
                history ? Feeds.Extent.SO_FAR : Feeds.Extent.UNTIL_THE_END,
                output ? Feeds.Content.EVENTS_AND_OUTPUT : Feeds.Content.EVENTS,
                values,
                lastEventId(request));
    }

    private Void watch(RoutingContext context, Requestor requestor, EnvValues values, LiveStream stream) {
        access.watch(context, requestor, values, stream);
        return null;
    }

    private static Optional<String> lastEventId(HttpServerRequest request) {
        return Optional.ofNullable(request.getHeader("Last-Event-ID"));
    }
}
