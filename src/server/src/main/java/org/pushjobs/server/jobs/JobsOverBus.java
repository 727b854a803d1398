package org.pushjobs.server.jobs;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.bus.LocalCodec;
import org.pushjobs.server.facts.TermLocation;
import org.pushjobs.server.jobs.model.JobStatus;

/** {@link Jobs} as answered by the {@link Term} that there is. Usable from any thread. */
public final class JobsOverBus implements Jobs {
    static final String NO_COORDINATOR =
            "no coordinator is active: none of the servers runs jobs at the moment; try again" + " in a few seconds";

    /** The coordinator answers in time; this is for when it cannot. */
    private static final ServerException UNKNOWN = ServerException.unavailable(
            "it is not known whether the job was started: the server was too busy to say. Look for it in the list of jobs"
                    + " before you send the request again, or send it with an Idempotency-Key");

    /** A coordinator that stops is followed by another one within that time. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final long LOOK_AGAIN_MILLIS = 50;

    private final Vertx vertx;
    private final TermLocation location;

    public JobsOverBus(Vertx vertx, TermLocation location) {
        this.vertx = Objects.requireNonNull(vertx, "vertx");
        this.location = Objects.requireNonNull(location, "location");
    }

    @Override
    public Future<String> start(JobRequest request) {
        return this.<String>askSomebody(TermOverBus::starts, request)
                .recover(failure -> Future.failedFuture(isUnanswered(failure) ? UNKNOWN : explained(failure)));
    }

    @Override
    public Future<JobStatus> abort(JobAbortRequest request) {
        return this.<JobStatus>askSomebody(TermOverBus::aborts, request).recover(JobsOverBus::explain);
    }

    @Override
    public Future<List<String>> liveIds() {
        return this.<List<String>>ask(TermOverBus::liveIds, "").recover(JobsOverBus::explain);
    }

    @Override
    public Future<Duration> storeLag() {
        return this.<Duration>ask(TermOverBus::storeLag, "").recover(JobsOverBus::explain);
    }

    /** Waits a little while there is no term. What was not taken by any may be asked again. */
    private <T> Future<T> askSomebody(LongFunction<String> address, Object question) {
        return askSomebody(address, question, System.nanoTime() + PATIENCE.toNanos());
    }

    private <T> Future<T> askSomebody(LongFunction<String> address, Object question, long untilNanos) {
        return this.<T>ask(address, question)
                .recover(failure -> isUntaken(failure) && System.nanoTime() - untilNanos < 0
                        ? vertx.timer(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS)
                                .compose(_ -> askSomebody(address, question, untilNanos))
                        : Future.failedFuture(failure));
    }

    private <T> Future<T> ask(LongFunction<String> address, Object question) {
        return location.current()
                .map(epoch -> vertx.eventBus()
                        .<T>request(address.apply(epoch), question, LocalCodec.options())
                        .onFailure(failure -> {
                            if (isUntaken(failure)) {
                                location.gone(epoch);
                            }
                        })
                        .map(Message::body))
                .orElseGet(() -> Future.failedFuture(
                        new ReplyException(ReplyFailure.NO_HANDLERS, ServerException.UNAVAILABLE, NO_COORDINATOR)));
    }

    private static boolean isUntaken(Throwable failure) {
        return failure instanceof ReplyException reply && reply.failureType() == ReplyFailure.NO_HANDLERS;
    }

    private static boolean isUnanswered(Throwable failure) {
        return failure instanceof ReplyException reply && reply.failureType() == ReplyFailure.TIMEOUT;
    }

    private static <T> Future<T> explain(Throwable failure) {
        return Future.failedFuture(explained(failure));
    }

    private static ServerException explained(Throwable failure) {
        if (isUntaken(failure)) {
            return ServerException.unavailable(NO_COORDINATOR);
        }
        int status = failure instanceof ReplyException reply && reply.failureCode() >= 400
                ? reply.failureCode()
                : ServerException.UNAVAILABLE;
        return new ServerException(status, failure.getMessage());
    }
}
