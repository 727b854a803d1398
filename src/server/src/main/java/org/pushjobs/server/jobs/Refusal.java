package org.pushjobs.server.jobs;

import io.vertx.core.eventbus.Message;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.store.WriteFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells a caller on the event bus why a request failed; {@link JobsOverBus} makes an exception of it again. */
final class Refusal {
    private static final Logger LOG = LoggerFactory.getLogger(Refusal.class);

    /** Code of a refusal by a term that is over: it has not done what it was asked for, and will not. */
    static final int NOT_TAKEN = 1;

    private Refusal() {}

    static void notTaken(Message<?> request) {
        request.fail(NOT_TAKEN, JobsOverBus.NO_COORDINATOR);
    }

    static void reply(Message<?> request, Throwable failure) {
        if (failure instanceof ServerException refusal) {
            request.fail(refusal.status(), refusal.getMessage());
        } else if (WriteFailure.of(failure).isTemporary()) {
            request.fail(ServerException.UNAVAILABLE, "the database does not answer; try again later");
        } else {
            LOG.error(
                    "a request failed [request: {}]", request.body().getClass().getSimpleName(), failure);
            request.fail(500, "the request failed: " + failure.getMessage());
        }
    }
}
