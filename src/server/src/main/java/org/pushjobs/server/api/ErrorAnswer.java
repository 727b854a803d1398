package org.pushjobs.server.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import java.util.Objects;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.feeds.HungReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers every request that failed; the only place that turns errors into HTTP (rest-api.md, request-signing.md). */
final class ErrorAnswer implements Handler<RoutingContext> {
    /** Seconds after which a client may try again what got a 503. */
    private static final String RETRY_AFTER = "5";

    private static final Logger LOG = LoggerFactory.getLogger(ErrorAnswer.class);

    private final RefusalLog refusals;

    ErrorAnswer(RefusalLog refusals) {
        this.refusals = Objects.requireNonNull(refusals, "refusals");
    }

    @Override
    public void handle(RoutingContext context) {
        HttpServerResponse response = context.response();
        if (response.closed() || response.ended()) {
            LOG.debug("client went away before the answer [id: {}]", RequestTrace.id(context));
            return;
        }
        if (response.headWritten()) {
            breakOff(context);
            return;
        }
        switch (context.failure()) {
            case ServerException error -> refuse(context, error);
            case HttpException error -> refuse(context, malformed(error.getStatusCode()));
            // The router found escapes in the path that it cannot decode.
            case null -> refuse(context, malformed(400));
            case Throwable error -> fail(context, error);
        }
    }

    /** The client has got a part of an answer; that it is not whole is all that it can still be told. */
    private static void breakOff(RoutingContext context) {
        LOG.warn(
                "answer broken off [id: {}, user: {}, method: {}, path: {}, reason: {}]",
                RequestTrace.id(context),
                RequestTrace.user(context),
                context.request().method(),
                context.request().path(),
                RefusalLog.printable(String.valueOf(context.failure())));
        HungReader.cutOff(context.request().connection());
    }

    private static ServerException malformed(int status) {
        return new ServerException(status, "the request line or a header is malformed");
    }

    private void refuse(RoutingContext context, ServerException error) {
        HttpServerResponse response = context.response();
        if (error instanceof UnprovenRequestorException) {
            response.putHeader("WWW-Authenticate", UnprovenRequestorException.CHALLENGE);
        }
        if (error.status() == 503) {
            response.putHeader(HttpHeaders.RETRY_AFTER, RETRY_AFTER);
        }
        refusals.refused(context, error);
        send(context, error.status(), ErrorBody.of(error));
    }

    private static void fail(RoutingContext context, Throwable error) {
        String id = RequestTrace.id(context);
        LOG.error(
                "request failed [id: {}, user: {}, method: {}, path: {}]",
                id,
                RequestTrace.user(context),
                context.request().method(),
                context.request().path(),
                error);
        send(context, 500, ErrorBody.list("internal server error (request id " + id + ")"));
    }

    private static void send(RoutingContext context, int status, JsonNode body) {
        if (!context.request().isEnded()) {
            context.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        JsonAnswer.send(context, status, body);
    }
}
