package org.pushjobs.server.jobs;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.bus.WireCodec;
import org.pushjobs.server.bus.WireCodecs;
import org.pushjobs.server.facts.TermLocation;
import org.pushjobs.server.jobs.model.JobStatus;

/** {@link Jobs} as answered by the {@link Term} that there is. Usable from any thread. */
public final class JobsOverBus implements Jobs {
    static final String NO_COORDINATOR =
            "no coordinator is active: none of the servers runs jobs at the moment; try again in a few seconds";

    /** The coordinator answers in time; this is for when it cannot. */
    private static final ServerException UNKNOWN = ServerException.unavailable(
            "it is not known whether the job was started: the server was too busy to say. Look for it in the list of jobs"
                    + " before you send the request again, or send it with an Idempotency-Key");

    /** A coordinator that stops is followed by another one within that time. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final long LOOK_AGAIN_MILLIS = 50;

    /** A term answers within 8 s. One whose process has died never does, and that is not noticed earlier. */
    private static final long REQUEST_MILLIS = 10_000;

    /** A term answers out of its memory. */
    private static final long LOOK_UP_MILLIS = 5_000;

    private final Vertx vertx;
    private final TermLocation location;

    public JobsOverBus(Vertx vertx, TermLocation location) {
        this.vertx = Objects.requireNonNull(vertx, "vertx");
        this.location = Objects.requireNonNull(location, "location");
    }

    @Override
    public Future<String> start(JobRequest request) {
        return askSomebody(epoch -> ask(JobCodecs.START, TermOverBus.starts(epoch), request, WireCodecs.TEXT))
                .recover(failure -> Future.failedFuture(isUnanswered(failure) ? UNKNOWN : explained(failure)));
    }

    @Override
    public Future<JobStatus> abort(JobAbortRequest request) {
        return askSomebody(epoch -> ask(JobCodecs.ABORT, TermOverBus.aborts(epoch), request, JobCodecs.STATUS))
                .recover(JobsOverBus::explain);
    }

    @Override
    public Future<List<String>> liveIds() {
        return ask(epoch -> lookUp(TermOverBus.liveIds(epoch), WireCodecs.TEXTS))
                .recover(JobsOverBus::explain);
    }

    @Override
    public Future<Duration> storeLag() {
        return ask(epoch -> lookUp(TermOverBus.storeLag(epoch), WireCodecs.DURATION))
                .recover(JobsOverBus::explain);
    }

    /** Waits a little while there is no term. What was not taken by any may be asked again. */
    private <T> Future<T> askSomebody(LongFunction<Future<T>> request) {
        return askSomebody(request, System.nanoTime() + PATIENCE.toNanos());
    }

    private <T> Future<T> askSomebody(LongFunction<Future<T>> request, long untilNanos) {
        return ask(request)
                .recover(failure -> isUntaken(failure) && System.nanoTime() - untilNanos < 0
                        ? vertx.timer(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS)
                                .compose(_ -> askSomebody(request, untilNanos))
                        : Future.failedFuture(failure));
    }

    /** @param request to the term of an epoch */
    private <T> Future<T> ask(LongFunction<Future<T>> request) {
        return location.current()
                .map(epoch -> request.apply(epoch).onFailure(failure -> {
                    if (isUntaken(failure)) {
                        location.gone(epoch);
                    }
                }))
                .orElseGet(() -> Future.failedFuture(
                        new ReplyException(ReplyFailure.NO_HANDLERS, ServerException.UNAVAILABLE, NO_COORDINATOR)));
    }

    private <Q, A> Future<A> ask(WireCodec<Q> questions, String address, Q question, WireCodec<A> answers) {
        return questions.request(vertx, address, question, answers, REQUEST_MILLIS);
    }

    private <A> Future<A> lookUp(String address, WireCodec<A> answers) {
        return WireCodecs.TEXT.request(vertx, address, "", answers, LOOK_UP_MILLIS);
    }

    /** Nobody has it, nobody will. */
    private static boolean isUntaken(Throwable failure) {
        return failure instanceof ReplyException reply
                && (reply.failureType() == ReplyFailure.NO_HANDLERS || reply.failureCode() == Refusal.NOT_TAKEN);
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
        return switch (failure) {
            case ServerException known -> known;
            case ReplyException reply
            when reply.failureCode() >= 400 && reply.failureCode() < 600 ->
                new ServerException(reply.failureCode(), reply.getMessage());
            default -> ServerException.unavailable(failure.getMessage());
        };
    }
}
