package org.pushjobs.server.api;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.directory.Permissions;

/** The two rules that most operations have (request-signing.md, "Permissions"). */
final class AccessRules {
    private final Permissions permissions;

    AccessRules(Permissions permissions) {
        this.permissions = permissions;
    }

    /** For everything that changes nothing. */
    Future<Void> read(RoutingContext context, Requestor requestor) {
        return require(permissions.canRead(requestor.organisation().name(), requestor.principal()), requestor);
    }

    /** For everything that starts or changes a job. */
    Future<Void> write(RoutingContext context, Requestor requestor) {
        return require(permissions.canWrite(requestor.organisation().name(), requestor.principal()), requestor);
    }

    private static Future<Void> require(Future<Boolean> permitted, Requestor requestor) {
        return permitted.compose(yes -> yes
                ? Future.succeededFuture()
                : Future.failedFuture(new ServerException(
                        403,
                        "User or client '" + requestor.principal().name()
                                + "' does not have access to that action on this server.")));
    }
}
