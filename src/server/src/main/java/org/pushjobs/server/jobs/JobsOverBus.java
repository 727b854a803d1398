package org.pushjobs.server.jobs;

import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.bus.LocalCodec;
import org.pushjobs.server.jobs.model.JobStatus;

/** {@link Jobs} as answered by the {@link Term}. */
public final class JobsOverBus implements Jobs {
    /** The coordinator answers in time; this is for when it cannot. */
    private static final ServerException UNKNOWN = ServerException.unavailable(
            "it is not known whether the job was started: the server was too busy to say. Look for it in the list of jobs"
                    + " before you send the request again, or send it with an Idempotency-Key");

    static final String STARTS = "pushjobs.jobs.starts";
    static final String ABORTS = "pushjobs.jobs.aborts";
    static final String LIVE_IDS = "pushjobs.jobs.live-ids";
    static final String STORE_LAG = "pushjobs.jobs.store-lag";

    private final EventBus bus;

    public JobsOverBus(EventBus bus) {
        this.bus = Objects.requireNonNull(bus, "bus");
    }

    @Override
    public Future<String> start(JobRequest request) {
        return bus.<String>request(JobsOverBus.STARTS, request, LocalCodec.options())
                .map(Message::body)
                .recover(failure -> isUnanswered(failure) ? Future.failedFuture(UNKNOWN) : explain(failure));
    }

    @Override
    public Future<JobStatus> abort(JobAbortRequest request) {
        return bus.<JobStatus>request(JobsOverBus.ABORTS, request, LocalCodec.options())
                .map(Message::body)
                .recover(JobsOverBus::explain);
    }

    @Override
    public Future<List<String>> liveIds() {
        return bus.<List<String>>request(JobsOverBus.LIVE_IDS, "", LocalCodec.options())
                .map(Message::body)
                .recover(JobsOverBus::explain);
    }

    @Override
    public Future<Duration> storeLag() {
        return bus.<Duration>request(JobsOverBus.STORE_LAG, "", LocalCodec.options())
                .map(Message::body)
                .recover(JobsOverBus::explain);
    }

    private static boolean isUnanswered(Throwable failure) {
        return failure instanceof ReplyException reply && reply.failureType() == ReplyFailure.TIMEOUT;
    }

    private static <T> Future<T> explain(Throwable failure) {
        int status = failure instanceof ReplyException reply && reply.failureCode() >= 400 ? reply.failureCode() : 503;
        return Future.failedFuture(new ServerException(status, failure.getMessage()));
    }
}
