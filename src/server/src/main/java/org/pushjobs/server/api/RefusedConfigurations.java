package org.pushjobs.server.api;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.directory.Directory;
import org.pushjobs.server.directory.UnknownOrganisationException;
import org.pushjobs.server.gateway.NodeAdmission;

/**
 * Notes which requests for a configuration were refused and why, so that people who ask about the node are told. A request
 * that was not signed says nothing about an agent. Of an organisation that does not exist nobody can ask.
 */
final class RefusedConfigurations implements Handler<RoutingContext> {
    private static final Set<Integer> STATUSES = Set.of(401, 403, 404);

    private final Directory directory;
    private final NodeAdmission admission;

    RefusedConfigurations(Directory directory, NodeAdmission admission) {
        this.directory = directory;
        this.admission = admission;
    }

    @Override
    public void handle(RoutingContext context) {
        context.addEndHandler(_ -> {
            if (context.failure() instanceof ServerException refusal
                    && STATUSES.contains(refusal.status())
                    && !(refusal instanceof UnknownOrganisationException)) {
                note(context, refusal);
            }
        });
        context.next();
    }

    private void note(RoutingContext context, ServerException refusal) {
        String orgName = context.pathParam("org");
        String node = context.pathParam("node");
        if (!Names.isStorable(orgName) || !Names.isNodeName(node)) {
            return;
        }
        String address = RemoteAddress.of(context);
        // the organisation was looked up for the request; where that cannot be had again there is only no note
        directory
                .organisation(orgName)
                .onSuccess(found -> found.ifPresent(organisation -> admission.configRefused(
                        new NodeRef(organisation.guid(), node), address, refusal.status(), refusal.getMessage())));
    }
}
