package org.pushjobs.server.jobs;

import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.jobs.model.EarlierStart;
import org.pushjobs.server.jobs.model.IdempotencyKey;
import org.pushjobs.server.store.JobStarts;
import org.pushjobs.server.store.WriteFailure;
import org.pushjobs.server.time.Schedule;

/**
 * Gives a request that is sent again the job that it has started before. Those that come while the first one is on its way
 * wait for it; what came before that is in the database, whose unique index decides between two servers. A key lives as long
 * as its job. Belongs to the coordinator's event loop.
 */
final class IdempotentStarts {
    private static final long LOOK_UP_TIMEOUT_MILLIS = 3_000;
    /** What a look-up has at least, when the time to answer is over. */
    private static final long LAST_LOOK_UP_TIMEOUT_MILLIS = 1_000;

    private final JobStarts store;
    private final Schedule schedule;
    private final Predicate<String> givenUp;
    private final Map<Scope, Start> underWay = new HashMap<>();

    private record Scope(String orgGuid, String requestor, String key) {}

    private record Start(String requestDigest, Future<String> jobId) {}

    /** @param givenUp whether the job of this id is about to be discarded, so that its key is as good as free */
    IdempotentStarts(JobStarts store, Schedule schedule, Predicate<String> givenUp) {
        this.store = Objects.requireNonNull(store, "store");
        this.schedule = Objects.requireNonNull(schedule, "schedule");
        this.givenUp = Objects.requireNonNull(givenUp, "givenUp");
    }

    /**
     * The id of the key's job. It is answered, or has failed, at the latest a second after the time that is given, if the
     * creation ends by then.
     *
     * @param answerByNanos as {@link Schedule#nanos} tells time
     * @param creation starts the job, when there is none; called once at most
     */
    Future<String> start(
            JobRequest request, IdempotencyKey key, long answerByNanos, Supplier<Future<String>> creation) {
        Scope scope = new Scope(request.orgGuid(), request.requestor(), key.value());
        Start first = underWay.get(scope);
        if (first != null) {
            return first.requestDigest().equals(key.requestDigest()) ? first.jobId() : Future.failedFuture(otherUse());
        }
        Future<String> jobId = earlier(request, key, answerByNanos)
                .compose(found -> found.map(Future::succeededFuture)
                        .orElseGet(() -> creation.get()
                                .recover(failure -> orElseOfAnotherServer(request, key, answerByNanos, failure))));
        underWay.put(scope, new Start(key.requestDigest(), jobId));
        jobId.onComplete(_ -> underWay.remove(scope));
        return jobId;
    }

    private Future<Optional<String>> earlier(JobRequest request, IdempotencyKey key, long answerByNanos) {
        long millis =
                Math.clamp(schedule.millisUntil(answerByNanos), LAST_LOOK_UP_TIMEOUT_MILLIS, LOOK_UP_TIMEOUT_MILLIS);
        return schedule.within(millis, store.earlierStart(request.orgGuid(), request.requestor(), key))
                .map(found ->
                        found.filter(start -> !givenUp.test(start.jobId())).map(start -> idOf(start, key)));
    }

    private Future<String> orElseOfAnotherServer(
            JobRequest request, IdempotencyKey key, long answerByNanos, Throwable failure) {
        return WriteFailure.of(failure).isTemporary()
                ? Future.failedFuture(failure)
                : earlier(request, key, answerByNanos)
                        .compose(found ->
                                found.map(Future::succeededFuture).orElseGet(() -> Future.failedFuture(failure)));
    }

    private static String idOf(EarlierStart start, IdempotencyKey key) {
        if (!start.requestDigest().equals(key.requestDigest())) {
            throw otherUse();
        }
        return start.jobId();
    }

    private static ServerException otherUse() {
        return new ServerException(
                422,
                "the Idempotency-Key has started another job with another request body; use a new key for a new request");
    }
}
