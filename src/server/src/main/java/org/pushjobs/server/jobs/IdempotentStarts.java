package org.pushjobs.server.jobs;

import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.store.EarlierStart;
import org.pushjobs.server.store.IdempotencyKey;
import org.pushjobs.server.store.JobStore;

/**
 * Gives a request that is sent again the job that it has started before. Those that come while the first one is on its way
 * wait for it; what came before that is in the database, whose unique index decides between two servers. A key lives as long
 * as its job. Belongs to the coordinator's event loop.
 */
final class IdempotentStarts {
    private static final long LOOK_UP_TIMEOUT_MILLIS = 5_000;

    private final JobStore store;
    private final Predicate<String> givenUp;
    private final Map<Scope, Start> underWay = new HashMap<>();

    private record Scope(String orgGuid, String requestor, String key) {}

    private record Start(String requestDigest, Future<String> jobId) {}

    /** @param givenUp whether the job of this id is about to be discarded, so that its key is as good as free */
    IdempotentStarts(JobStore store, Predicate<String> givenUp) {
        this.store = store;
        this.givenUp = givenUp;
    }

    /**
     * The id of the key's job.
     *
     * @param creation starts the job, when there is none; called once at most
     */
    Future<String> start(JobRequest request, IdempotencyKey key, Supplier<Future<String>> creation) {
        Scope scope = new Scope(request.orgGuid(), request.requestor(), key.value());
        Start first = underWay.get(scope);
        if (first != null) {
            return first.requestDigest().equals(key.requestDigest()) ? first.jobId() : Future.failedFuture(otherUse());
        }
        Future<String> jobId = earlier(request, key)
                .compose(found -> found.map(Future::succeededFuture)
                        .orElseGet(
                                () -> creation.get().recover(failure -> orElseOfAnotherServer(request, key, failure))));
        underWay.put(scope, new Start(key.requestDigest(), jobId));
        jobId.onComplete(_ -> underWay.remove(scope));
        return jobId;
    }

    private Future<Optional<String>> earlier(JobRequest request, IdempotencyKey key) {
        return store.earlierStart(request.orgGuid(), request.requestor(), key)
                .timeout(LOOK_UP_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
                .map(found ->
                        found.filter(start -> !givenUp.test(start.jobId())).map(start -> idOf(start, key)));
    }

    private Future<String> orElseOfAnotherServer(JobRequest request, IdempotencyKey key, Throwable failure) {
        return StoreWriter.isTemporary(failure)
                ? Future.failedFuture(failure)
                : earlier(request, key)
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
