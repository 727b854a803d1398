package org.pushjobs.server.api;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * What one method does on one resource (rest-api.md, the table). {@link SignedRequestHandler} runs its parts in their
 * order.
 *
 * @param produces media type of the answer
 * @param consumes media type that the request body must have, empty when there is none
 * @param access who may
 * @param preparation what it does
 * @param auditAction what the audit log calls it; empty when it is not audited
 * @param identity what proves who asks
 */
record Operation(
        String produces,
        Optional<String> consumes,
        AccessRule access,
        Preparation preparation,
        Optional<String> auditAction,
        Identity identity) {
    Operation {
        Objects.requireNonNull(produces, "produces");
        Objects.requireNonNull(consumes, "consumes");
        Objects.requireNonNull(access, "access");
        Objects.requireNonNull(preparation, "preparation");
        Objects.requireNonNull(auditAction, "auditAction");
        Objects.requireNonNull(identity, "identity");
    }

    /** What the directory's answers about a requestor are good for (request-signing.md, "Ask again before you refuse"). */
    enum Identity {
        /** Somebody whose key was taken away may be let in for as long as the directory's answers are remembered. */
        REMEMBERED,
        /** The same for a second. */
        RECENT
    }

    /** An operation that is not audited and changes nothing. */
    Operation(String produces, Optional<String> consumes, AccessRule access, Preparation preparation) {
        this(produces, consumes, access, preparation, Optional.empty(), Identity.REMEMBERED);
    }

    /**
     * The same operation as one that starts or changes something: each request for it is a line of the audit log, whatever
     * comes of it, and the directory is asked afresh who it is that asks.
     */
    Operation acting(String action) {
        return new Operation(produces, consumes, access, preparation, Optional.of(action), Identity.RECENT);
    }

    /** An operation without a request body. */
    static Operation reading(
            String produces, AccessRule access, BiFunction<RoutingContext, Requestor, Future<Void>> answer) {
        return new Operation(
                produces, Optional.empty(), access, (context, _) -> requestor -> answer.apply(context, requestor));
    }

    /** Check 11 of request-signing.md. */
    @FunctionalInterface
    interface AccessRule {
        /** Fails with a {@link org.pushjobs.server.ServerException} of status 403 when they may not. */
        Future<Void> check(RoutingContext context, Requestor requestor);
    }

    /** Check 5 of request-signing.md. It comes before it is known who asks, so the rest follows as an action. */
    @FunctionalInterface
    interface Preparation {
        /** @throws ValidationException when the body is refused */
        Action prepare(RoutingContext context, Buffer body);
    }

    /** Answers a request that was let through. */
    @FunctionalInterface
    interface Action {
        Future<Void> answer(Requestor requestor);
    }
}
