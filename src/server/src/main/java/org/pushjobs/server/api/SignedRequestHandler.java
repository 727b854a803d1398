package org.pushjobs.server.api;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.pushjobs.protocol.request.SignedRequest;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.audit.AuditTrail;

/**
 * Takes a request to one resource through all decisions in the order of rest-api.md and request-signing.md: method, server
 * ready, checks 1 to 11, {@code Accept}, {@code Content-Type}, and only then the operation.
 */
final class SignedRequestHandler implements Handler<RoutingContext> {
    private final Map<HttpMethod, Operation> operations;
    private final BooleanSupplier ready;
    private final RequestAuthentication authentication;
    private final RequestBody requestBody;
    private final AuditTrail audit;
    private final Clock clock;

    SignedRequestHandler(
            Map<HttpMethod, Operation> operations,
            BooleanSupplier ready,
            RequestAuthentication authentication,
            RequestBody requestBody,
            AuditTrail audit,
            Clock clock) {
        this.operations = Map.copyOf(operations);
        this.ready = ready;
        this.authentication = authentication;
        this.requestBody = requestBody;
        this.audit = audit;
        this.clock = clock;
    }

    @Override
    public void handle(RoutingContext context) {
        Operation operation = operations.get(context.request().method());
        if (operation == null) {
            throw methodNotAllowed(context, operations);
        }
        Optional<AuditedRequest> audited = operation.auditAction().map(action -> AuditedRequest.begin(context, action));
        answer(context, operation)
                .onComplete(result -> audited.ifPresent(request -> request.ended(result, clock, audit)))
                .onFailure(context::fail);
    }

    private Future<Void> answer(RoutingContext context, Operation operation) {
        SignedRequest signed;
        try {
            if (!ready.getAsBoolean()) {
                throw ServerException.unavailable("the server is not ready yet, its database cannot be reached");
            }
            signed = authentication.checkHeaders(context.request());
        } catch (ServerException e) {
            return Future.failedFuture(e);
        }
        return requestBody.read(context.request()).compose(body -> handle(context, operation, signed, body));
    }

    private Future<Void> handle(RoutingContext context, Operation operation, SignedRequest signed, Buffer body) {
        Operation.Action action = operation.preparation().prepare(context, body);
        return authentication
                .authenticate(signed, context.request(), context.pathParam("org"), body, operation.identity())
                .compose(requestor -> {
                    AuditedRequest.by(context, requestor);
                    return operation.access().check(context, requestor).compose(_ -> {
                        checkMediaTypes(context, operation);
                        return action.answer(requestor);
                    });
                });
    }

    /** Says in {@code Allow} which methods there are. */
    static ServerException methodNotAllowed(RoutingContext context, Map<HttpMethod, ?> operations) {
        String allowed =
                operations.keySet().stream().map(HttpMethod::name).sorted().collect(Collectors.joining(", "));
        context.response().putHeader(HttpHeaders.ALLOW, allowed);
        return new ServerException(
                405, "the method " + context.request().method().name() + " is not allowed here, allowed: " + allowed);
    }

    private static void checkMediaTypes(RoutingContext context, Operation operation) {
        if (!MediaTypes.accepts(context.parsedHeaders().accept(), operation.produces())) {
            throw new ServerException(406, "this resource has only the media type " + operation.produces());
        }
        operation.consumes().ifPresent(mediaType -> {
            String contentType = context.request().getHeader(HttpHeaders.CONTENT_TYPE);
            if (contentType == null || !MediaTypes.isOfType(contentType, mediaType)) {
                throw new ServerException(415, "the request body must have the content type " + mediaType);
            }
        });
    }
}
