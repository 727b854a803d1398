package org.pushjobs.server.api;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.feeds.Feeds;
import org.pushjobs.server.feeds.LiveStream;
import org.pushjobs.server.jobs.model.Channel;
import org.pushjobs.server.jobs.model.JobNode;
import org.pushjobs.server.jobs.model.OutputKey;
import org.pushjobs.server.jobs.model.OutputState;
import org.pushjobs.server.jobs.model.StoredJob;
import org.pushjobs.server.store.JobReads;

/**
 * {@code jobs/ID/output/NODE/CHANNEL}: what a node's command wrote, once its part in the job has ended; before that where
 * {@code follow} asks for it (docs/decisions/0017).
 */
final class OutputResource {
    private static final String DROPPED =
            ": the agent dropped the output, it is longer than the agent's limit for stdout and stderr together";
    private static final String NOT_ENDED =
            ": its part in the job has not ended; with follow=true you get what it writes, as far as its agent can do that";

    private final JobReads jobReads;
    private final Feeds feeds;
    private final LastingAccess access;

    OutputResource(JobReads jobReads, Feeds feeds, LastingAccess access) {
        this.jobReads = jobReads;
        this.feeds = feeds;
        this.access = access;
    }

    Map<HttpMethod, Operation> operations(AccessRules rules, Channel channel) {
        return Map.of(
                HttpMethod.GET,
                Operation.reading(
                        LiveStream.BYTES,
                        rules::read,
                        (context, requestor) -> answer(
                                context,
                                requestor,
                                new OutputKey(context.pathParam("id"), context.pathParam("node"), channel))));
    }

    private Future<Void> answer(RoutingContext context, Requestor requestor, OutputKey key) {
        if (!Names.isJobId(key.jobId()) || !Names.isNodeName(key.node())) {
            throw missing(key, "");
        }
        OutputQuery query = OutputQuery.of(new QueryParameters(context.queryParams()));
        return jobReads.output(orgGuid(requestor), key.jobId(), key.node(), key.channel())
                .compose(whole -> whole.isPresent()
                        ? send(context, whole.get(), query)
                        : jobReads.node(orgGuid(requestor), key.jobId(), key.node())
                                .compose(node -> answer(
                                        context, requestor, key, query, node.orElseThrow(() -> missing(key, "")))));
    }

    private Future<Void> answer(
            RoutingContext context, Requestor requestor, OutputKey key, OutputQuery query, JobNode node) {
        if (!node.status().isTerminal()) {
            return beforeTheEnd(context, requestor, key, query);
        }
        return switch (node.output()) {
            case OutputState.None _ -> throw missing(key, "");
            case OutputState.Dropped _ -> throw missing(key, DROPPED);
            case OutputState.Partial _, OutputState.Kept _ -> send(context, requestor, key, query);
        };
    }

    private Future<Void> beforeTheEnd(RoutingContext context, Requestor requestor, OutputKey key, OutputQuery query) {
        if (query.follow().isEmpty()) {
            throw missing(key, NOT_ENDED);
        }
        return jobReads.find(orgGuid(requestor), key.jobId()).compose(job -> {
            if (!job.map(StoredJob::terms)
                    .orElseThrow(() -> missing(key, ""))
                    .spec()
                    .capture()) {
                throw missing(key, ": the job does not capture output");
            }
            return query.follow().get() ? follow(context, requestor, key, query) : send(context, requestor, key, query);
        });
    }

    private Future<Void> follow(RoutingContext context, Requestor requestor, OutputKey key, OutputQuery query) {
        return watch(
                context,
                requestor,
                feeds.followOutput(context.request(), jobReads, orgGuid(requestor), key, query.offset()));
    }

    private Future<Void> send(RoutingContext context, Requestor requestor, OutputKey key, OutputQuery query) {
        return watch(
                context,
                requestor,
                feeds.sendOutput(context.request(), jobReads, orgGuid(requestor), key, query.offset()));
    }

    private static Future<Void> send(RoutingContext context, byte[] whole, OutputQuery query) {
        int from = (int) Math.min(query.offset(), whole.length);
        return context.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, LiveStream.BYTES)
                .end(Buffer.buffer(whole).slice(from, whole.length));
    }

    private static String orgGuid(Requestor requestor) {
        return requestor.organisation().guid();
    }

    private Future<Void> watch(RoutingContext context, Requestor requestor, LiveStream stream) {
        access.watch(context, requestor, stream);
        return Future.succeededFuture();
    }

    private static ServerException missing(OutputKey key, String why) {
        return new ServerException(
                404,
                "there is no " + key.channel().label() + " of node '" + key.node() + "' for job '" + key.jobId() + "'"
                        + why);
    }
}
