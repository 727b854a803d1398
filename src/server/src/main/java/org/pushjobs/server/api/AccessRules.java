package org.pushjobs.server.api;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.directory.Permissions;

/**
 * The two rules that most operations have (request-signing.md, "Permissions"). Nobody is refused on what the directory was
 * asked for before.
 */
final class AccessRules {
    private final Permissions permissions;

    AccessRules(Permissions permissions) {
        this.permissions = permissions;
    }

    /** For everything that changes nothing. Who is let in may be so on what is remembered of groups. */
    Future<Void> read(RoutingContext context, Requestor requestor) {
        Permissions present = permissions.present();
        return canRead(permissions, requestor)
                .compose(yes -> yes ? Future.succeededFuture(true) : canRead(present, requestor))
                .compose(yes -> require(yes, requestor));
    }

    /** For everything that starts or changes a job. */
    Future<Void> write(RoutingContext context, Requestor requestor) {
        Permissions present = permissions.present();
        return canWrite(permissions.recent(), requestor)
                .compose(yes -> yes ? Future.succeededFuture(true) : canWrite(present, requestor))
                .compose(yes -> require(yes, requestor));
    }

    private static Future<Boolean> canRead(Permissions permissions, Requestor requestor) {
        return permissions.canRead(requestor.organisation().name(), requestor.principal());
    }

    private static Future<Boolean> canWrite(Permissions permissions, Requestor requestor) {
        return permissions.canWrite(requestor.organisation().name(), requestor.principal());
    }

    private static Future<Void> require(boolean permitted, Requestor requestor) {
        return permitted
                ? Future.succeededFuture()
                : Future.failedFuture(new ServerException(
                        403,
                        "User or client '" + requestor.principal().name()
                                + "' does not have access to that action on this server."));
    }
}
