package org.pushjobs.server.api;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.Objects;
import org.pushjobs.server.gateway.NodeAdmission;

/**
 * Tells from the answers to requests for configurations whether agents can get theirs. A refusal counts as service only when it
 * is the directory's word: others need no directory.
 */
final class ConfigService implements Handler<RoutingContext> {
    private static final int OK = 200;
    private static final int FIRST_SERVER_ERROR = 500;

    private final NodeAdmission admission;

    ConfigService(NodeAdmission admission) {
        this.admission = Objects.requireNonNull(admission, "admission");
    }

    @Override
    public void handle(RoutingContext context) {
        context.addHeadersEndHandler(_ -> {
            int status = context.response().getStatusCode();
            if (status == OK || context.failure() instanceof UnprovenRequestorException) {
                admission.configAnswered();
            } else if (status >= FIRST_SERVER_ERROR) {
                admission.configFailed();
            }
        });
        context.next();
    }
}
