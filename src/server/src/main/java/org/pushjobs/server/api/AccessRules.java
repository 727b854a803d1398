package org.pushjobs.server.api;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Function;
import org.pushjobs.config.EnvAccess;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.directory.Permissions;
import org.pushjobs.server.feeds.EnvValues;

/**
 * Who may do what (request-signing.md, "Permissions"). Nobody is refused on what the directory was asked for before.
 */
final class AccessRules {
    private final Permissions permissions;
    private final EnvAccess envAccess;

    AccessRules(Permissions permissions, EnvAccess envAccess) {
        this.permissions = permissions;
        this.envAccess = envAccess;
    }

    /** For everything that changes nothing. Who is let in may be so on what is remembered of groups. */
    Future<Void> read(RoutingContext context, Requestor requestor) {
        return remembered(requestor, asked -> asked.canRead(orgName(requestor), requestor.principal()));
    }

    /** For what is about one node, the one in the path. */
    Future<Void> readNode(RoutingContext context, Requestor requestor) {
        String node = context.pathParam("node");
        return remembered(requestor, asked -> asked.canReadNode(orgName(requestor), requestor.principal(), node));
    }

    /** For a user who wants a node's configuration. */
    Future<Void> configureNode(RoutingContext context, Requestor requestor) {
        return remembered(requestor, asked -> asked.canConfigureNodes(orgName(requestor), requestor.principal()));
    }

    /** For everything that starts or changes a job. */
    Future<Void> write(RoutingContext context, Requestor requestor) {
        return recent(requestor, asked -> asked.canWrite(orgName(requestor), requestor.principal()));
    }

    /** For what the directory holds. */
    Future<Void> administer(RoutingContext context, Requestor requestor) {
        return recent(requestor, asked -> asked.isAdmin(orgName(requestor), requestor.principal()));
    }

    /** Whether somebody who may see jobs sees the values in their environment. */
    Future<EnvValues> envValues(Requestor requestor) {
        return switch (envAccess) {
            case READERS -> Future.succeededFuture(EnvValues.SHOWN);
            case WRITERS ->
                permissions
                        .canWrite(orgName(requestor), requestor.principal())
                        .map(yes -> yes ? EnvValues.SHOWN : EnvValues.HIDDEN);
        };
    }

    private Future<Void> remembered(Requestor requestor, Function<Permissions, Future<Boolean>> question) {
        return ask(permissions, requestor, question);
    }

    private Future<Void> recent(Requestor requestor, Function<Permissions, Future<Boolean>> question) {
        return ask(permissions.recent(), requestor, question);
    }

    private Future<Void> ask(Permissions first, Requestor requestor, Function<Permissions, Future<Boolean>> question) {
        Permissions present = permissions.present();
        return question.apply(first)
                .compose(yes -> yes ? Future.succeededFuture(true) : question.apply(present))
                .compose(yes -> require(yes, requestor));
    }

    private static String orgName(Requestor requestor) {
        return requestor.organisation().name();
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
