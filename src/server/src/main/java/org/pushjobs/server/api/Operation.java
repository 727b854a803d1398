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
 */
record Operation(
        String produces,
        Optional<String> consumes,
        AccessRule access,
        Preparation preparation,
        Optional<String> auditAction) {
    Operation {
        Objects.requireNonNull(produces, "produces");
        Objects.requireNonNull(consumes, "consumes");
        Objects.requireNonNull(access, "access");
        Objects.requireNonNull(preparation, "preparation");
        Objects.requireNonNull(auditAction, "auditAction");
    }

    /** An operation that is not audited. */
    Operation(String produces, Optional<String> consumes, AccessRule access, Preparation preparation) {
        this(produces, consumes, access, preparation, Optional.empty());
    }

    /** The same operation; each request for it is a line of the audit log, whatever comes of it. */
    Operation audited(String action) {
        return new Operation(produces, consumes, access, preparation, Optional.of(action));
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
