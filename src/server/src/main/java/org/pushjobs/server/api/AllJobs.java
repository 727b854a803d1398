package org.pushjobs.server.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VertxException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.pushjobs.server.feeds.FeedLimits;
import org.pushjobs.server.feeds.HungReader;
import org.pushjobs.server.feeds.Outflow;
import org.pushjobs.server.jobs.model.JobQuery;
import org.pushjobs.server.jobs.model.JobSummary;
import org.pushjobs.server.store.JobReads;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The answer that has all jobs of an organisation, oldest first, however many they are. They are read by pages, each when the
 * client has taken the one before, so that no more than one page is in memory; jobs that are created meanwhile come at the
 * end. A client that stops reading is cut off, and so is one whose jobs cannot be read any more: it sees that the answer is
 * not whole. Over HTTP/1.0 the end of the answer is the end of the connection. Belongs to the event loop of its connection.
 */
final class AllJobs {
    private static final Logger LOG = LoggerFactory.getLogger(AllJobs.class);
    private static final int FIRST_ROWS = 100;
    private static final int MAX_ROWS = 1000;

    private final RoutingContext context;
    private final HttpServerResponse response;
    private final Outflow out;
    private final JobReads jobReads;
    private final String orgGuid;
    private final Function<JobSummary, ObjectNode> document;
    private final FeedLimits limits;
    private final Promise<Void> sent = Promise.promise();
    private Optional<JobQuery.Position> last = Optional.empty();
    private int rows = FIRST_ROWS;

    private AllJobs(
            RoutingContext context,
            JobReads jobReads,
            String orgGuid,
            Function<JobSummary, ObjectNode> document,
            FeedLimits limits) {
        this.context = context;
        this.response = context.response();
        this.jobReads = jobReads;
        this.orgGuid = orgGuid;
        this.document = document;
        this.limits = limits;
        this.out = new Outflow(context.vertx(), response, limits, new Outflow.Listener() {
            @Override
            public void drained() {
                read();
            }

            @Override
            public void stalled() {
                cut();
            }
        });
    }

    /**
     * @param document shows a job
     * @param limits of what may wait for the client, and how long
     */
    static Future<Void> send(
            RoutingContext context,
            JobReads jobReads,
            String orgGuid,
            Function<JobSummary, ObjectNode> document,
            FeedLimits limits) {
        return jobReads.list(orgGuid, Optional.empty(), FIRST_ROWS).compose(first -> {
            if (first.size() < FIRST_ROWS) {
                return sendWhole(context, first, document);
            }
            AllJobs answer = new AllJobs(context, jobReads, orgGuid, document, limits);
            answer.begin();
            answer.write("[", first);
            return answer.sent.future();
        });
    }

    /** For lists that are in memory. */
    static Future<Void> sendWhole(
            RoutingContext context, List<JobSummary> jobs, Function<JobSummary, ObjectNode> document) {
        ArrayNode documents = JsonNodeFactory.instance.arrayNode(jobs.size());
        jobs.forEach(job -> documents.add(document.apply(job)));
        return JsonAnswer.send(context, 200, documents);
    }

    private void begin() {
        response.setStatusCode(200).putHeader(HttpHeaders.CONTENT_TYPE, JsonAnswer.MEDIA_TYPE);
        if (isHttp10()) {
            response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        } else {
            response.setChunked(true);
        }
        context.addEndHandler(_ -> gone());
    }

    private boolean isHttp10() {
        return context.request().version() == HttpVersion.HTTP_1_0;
    }

    private void read() {
        jobReads.list(orgGuid, last, rows)
                .onSuccess(page -> {
                    if (!sent.future().isComplete()) {
                        write(",", page);
                    }
                })
                .onFailure(this::fail);
    }

    private void write(String before, List<JobSummary> page) {
        Buffer text = Buffer.buffer();
        String separator = before;
        for (JobSummary job : page) {
            text.appendString(separator).appendBytes(JsonAnswer.bytes(document.apply(job)));
            separator = ",";
        }
        if (page.size() < rows) {
            end(text.appendString("]"));
            return;
        }
        JobSummary newest = page.getLast();
        last = Optional.of(new JobQuery.Position(newest.createdAt(), newest.id()));
        // as many as make about one buffer
        rows = Math.clamp((long) rows * limits.bufferedBytes() / text.length(), 1, MAX_ROWS);
        // a failure is the end of the connection, which is told to gone()
        out.write(text);
        if (!out.isFull()) {
            read();
        }
    }

    private void end(Buffer text) {
        out.write(text);
        out.end().onComplete(result -> {
            sent.tryComplete();
            if (result.succeeded() && isHttp10()) {
                context.request().connection().close();
            }
        });
    }

    private void cut() {
        LOG.info(
                "reader of a list of jobs cut off [id: {}, user: {}, address: {}, reason: it has not read for {} s]",
                RequestTrace.id(context),
                RequestTrace.user(context),
                RemoteAddress.of(context),
                limits.stallTimeout().toSeconds());
        HungReader.cutOff(context.request().connection());
    }

    /** The answer is at its end, or the client is. */
    private void gone() {
        if (!response.ended()) {
            out.stop();
            fail(new VertxException("the client went away before it had all jobs", true));
        }
    }

    private void fail(Throwable cause) {
        sent.tryFail(cause);
    }
}
