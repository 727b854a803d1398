package org.pushjobs.server.api;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.util.Objects;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.directory.Directory;
import org.pushjobs.server.feeds.EnvValues;
import org.pushjobs.server.feeds.LiveStream;

/**
 * Looks every {@value #INTERVAL_MILLIS} ms, for as long as something is sent to somebody, whether he may still have it: whether
 * the key that he asked with counts, and his right to read. Where that is no longer so the connection is cut; whoever comes
 * again is told why. The directory is asked as for other reading, so its answers are remembered and shared; while it cannot
 * answer everything goes on. Usable from any event loop.
 */
final class LastingAccess {
    private static final long INTERVAL_MILLIS = 5_000;

    private final Vertx vertx;
    private final Directory directory;
    private final AccessRules rules;

    LastingAccess(Vertx vertx, Directory directory, AccessRules rules) {
        this.vertx = Objects.requireNonNull(vertx, "vertx");
        this.directory = Objects.requireNonNull(directory, "directory");
        this.rules = Objects.requireNonNull(rules, "rules");
    }

    /** Looks after what is sent to a reader until it ends. */
    void watch(RoutingContext context, Requestor requestor, LiveStream stream) {
        watch(context, stream, () -> mayRead(context, requestor));
    }

    /** The same, for what has values of environments in it, or has them hidden. */
    void watch(RoutingContext context, Requestor requestor, EnvValues values, LiveStream stream) {
        watch(
                context,
                stream,
                () -> mayRead(context, requestor)
                        .compose(_ -> rules.envValues(requestor))
                        .compose(now -> now == values
                                ? Future.succeededFuture()
                                : refusal("he may now see more or less of environments than before")));
    }

    private interface Question {
        Future<Void> ask();
    }

    private void watch(RoutingContext context, LiveStream stream, Question question) {
        if (context.response().closed() || context.response().ended()) {
            // nobody is told of the end any more
            stream.closed();
            return;
        }
        long timer = vertx.setPeriodic(INTERVAL_MILLIS, _ -> question.ask().onFailure(failure -> cut(stream, failure)));
        context.addEndHandler(_ -> {
            vertx.cancelTimer(timer);
            stream.closed();
        });
    }

    private static void cut(LiveStream stream, Throwable failure) {
        if (failure instanceof ServerException refusal && refusal.status() < 500) {
            stream.cut("its reader may not have it any more: " + refusal.getMessage());
        }
    }

    private Future<Void> mayRead(RoutingContext context, Requestor requestor) {
        return isThere(directory, requestor)
                .compose(yes -> yes ? Future.succeededFuture(true) : isThere(directory.present(), requestor))
                .compose(yes -> yes ? rules.read(context, requestor) : refusal("the key that he asked with is gone"));
    }

    private static Future<Boolean> isThere(Directory directory, Requestor requestor) {
        return directory
                .principals(
                        requestor.organisation().name(), requestor.principal().name())
                .map(found -> found.contains(requestor.principal()));
    }

    private static <T> Future<T> refusal(String why) {
        return Future.failedFuture(new ServerException(403, why));
    }
}
