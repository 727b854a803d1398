package org.pushjobs.server.api;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.pushjobs.protocol.codec.HttpDate;
import org.pushjobs.server.metrics.HttpMetrics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives each request an id, the caller's own {@code X-Request-Id} if it is a sane one, sends it back with the answer and the
 * time, measures it and writes the access log.
 */
final class RequestTrace implements Handler<RoutingContext> {
    private static final Logger LOG = LoggerFactory.getLogger(RequestTrace.class);
    private static final String HEADER = "X-Request-Id";
    private static final String RESOURCE = "pushjobs.resource";
    private static final Set<HttpMethod> METHODS = Set.of(
            HttpMethod.GET, HttpMethod.HEAD, HttpMethod.POST, HttpMethod.PUT, HttpMethod.DELETE, HttpMethod.OPTIONS);
    private static final Pattern SANE_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private final HttpMetrics metrics;
    private final Clock clock;

    /** @param clock of the header {@code Date}, by which clients find out that their own is wrong */
    RequestTrace(HttpMetrics metrics, Clock clock) {
        this.metrics = metrics;
        this.clock = clock;
    }

    @Override
    public void handle(RoutingContext context) {
        String given = context.request().getHeader(HEADER);
        String id = given != null && SANE_ID.matcher(given).matches()
                ? given
                : UUID.randomUUID().toString();
        context.response().putHeader(HEADER, id).putHeader(HttpHeaders.DATE, HttpDate.format(clock.instant()));
        long begin = System.nanoTime();
        context.addEndHandler(_ -> metrics.answered(
                context.<String>get(RESOURCE, "none"),
                METHODS.contains(context.request().method())
                        ? context.request().method().name()
                        : "other",
                context.response().getStatusCode(),
                System.nanoTime() - begin));
        if (LOG.isDebugEnabled()) {
            context.addEndHandler(_ -> LOG.debug(
                    "request answered [id: {}, method: {}, path: {}, user: {}, status: {}, bytes: {}, time: {} ms]",
                    id,
                    context.request().method(),
                    context.request().path(),
                    user(context),
                    context.response().getStatusCode(),
                    context.response().bytesWritten(),
                    (System.nanoTime() - begin) / 1_000_000));
        }
        context.next();
    }

    /** A handler that notes for the metrics which resource a request is for. */
    static Handler<RoutingContext> resource(String path) {
        return context -> context.put(RESOURCE, path).next();
    }

    static String id(RoutingContext context) {
        return context.response().headers().get(HEADER);
    }

    /** The name that the request claims to come from, for logs. */
    static String user(RoutingContext context) {
        String user = context.request().getHeader("X-Ops-UserId");
        return user == null ? "-" : user;
    }
}
