package org.pushjobs.server.api;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.pushjobs.config.AgentsConfig;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.config.ConfigDocument;
import org.pushjobs.protocol.keys.SessionKeys;
import org.pushjobs.protocol.keys.Z85;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.directory.Directory;
import org.pushjobs.server.directory.Principal;
import org.pushjobs.server.gateway.NodeAdmission;
import org.pushjobs.server.store.NodeKey;

/**
 * {@code config/NODE}: hands an agent its configuration and admits its CURVE key (wire-protocol.md, "Config document"). The
 * key is looked at only after it is known who asks, so that strangers learn nothing from the answer.
 */
final class ConfigResource {
    private static final int CURVE_KEY_LENGTH = 40;

    private final AgentsConfig agents;
    private final Function<NodeRef, Optional<AgentWelcome>> welcome;
    private final Directory directory;
    private final NodeAdmission admission;
    private final Clock clock;

    ConfigResource(
            AgentsConfig agents,
            Function<NodeRef, Optional<AgentWelcome>> welcome,
            Directory directory,
            NodeAdmission admission,
            Clock clock) {
        this.agents = agents;
        this.welcome = welcome;
        this.directory = directory;
        this.admission = admission;
        this.clock = clock;
    }

    Map<HttpMethod, Operation> operations(AccessRules rules) {
        return Map.of(
                HttpMethod.GET,
                new Operation(
                        JsonAnswer.MEDIA_TYPE,
                        Optional.empty(),
                        (context, requestor) -> switch (requestor.principal().type()) {
                            case USER -> rules.configureNode(context, requestor);
                            case CLIENT -> checkClient(context, requestor.principal());
                        },
                        (context, _) -> {
                            long revocations = admission.revocations();
                            return requestor -> show(context, requestor, revocations);
                        }));
    }

    private Future<Void> checkClient(RoutingContext context, Principal client) {
        return agents.validateClientNodeName() && !client.name().equals(context.pathParam("node"))
                ? Future.failedFuture(new ServerException(403, "Client and node name must match"))
                : Future.succeededFuture();
    }

    private Future<Void> show(RoutingContext context, Requestor requestor, long revocations) {
        String name = context.pathParam("node");
        if (!Names.isNodeName(name)) {
            throw new ServerException(
                    400, "a node name has at most " + Names.MAX_NODE_NAME_LENGTH + " characters, none of them NUL");
        }
        NodeRef node = new NodeRef(requestor.organisation().guid(), name);
        // once for all of it: where there are several gateways the answer to the next call may be another one
        AgentWelcome told = welcome.apply(node)
                .orElseThrow(() -> ServerException.unavailable("it is not known yet what agents are to be told"));
        return admit(context, requestor, node, told.terms())
                .compose(_ -> stillThere(requestor, revocations))
                .onSuccess(_ -> admission.configFetched(node, RemoteAddress.of(context)))
                .compose(_ -> JsonAnswer.send(
                        context, 200, document(requestor, node, told).toJson()));
    }

    private Future<Void> admit(RoutingContext context, Requestor requestor, NodeRef node, AgentTerms told) {
        String orgName = requestor.organisation().name();
        String key = told.gateway().clearText() ? NodeKey.inClearText(orgName, node.node()) : curveKey(context);
        return admission.admit(
                new NodeKey(key, node, orgName, clock.instant(), requestor.claimant(), Optional.of(told.told())));
    }

    /**
     * Whoever lost his key after he was let in, and before what he claimed by it was stored, does not keep that.
     *
     * @param revocations when the request began
     */
    private Future<Void> stillThere(Requestor requestor, long revocations) {
        if (admission.revocations() == revocations) {
            return Future.succeededFuture();
        }
        Principal principal = requestor.principal();
        return directory
                .principals(requestor.organisation().name(), principal.name())
                .compose(found -> {
                    if (found.contains(principal)) {
                        return Future.succeededFuture();
                    }
                    admission.revoke(requestor.organisation().guid(), requestor.claimant());
                    return Future.failedFuture(ServerException.unavailable(
                            "the key of '" + principal.name() + "' was taken away just now; ask again with another"));
                });
    }

    private static String curveKey(RoutingContext context) {
        List<String> given = context.queryParam("ccpk");
        if (given.isEmpty()) {
            throw new ServerException(400, "Missing ccpk");
        }
        // A plus sign that was not escaped arrives as a space, which no Z85 text has.
        String key = given.getFirst().replace(' ', '+');
        if (key.length() != CURVE_KEY_LENGTH) {
            throw new ServerException(401, "Bad ccpk");
        }
        try {
            Z85.decode(key);
        } catch (IllegalArgumentException e) {
            throw new ServerException(400, "Bad ccpk: " + e.getMessage());
        }
        return key;
    }

    private static ConfigDocument document(Requestor requestor, NodeRef node, AgentWelcome told) {
        SessionKeys keys = told.terms().secrets().sessionKeys();
        return told.terms()
                .document(
                        node.node(),
                        requestor.organisation().name(),
                        SessionKeys.wrap(keys.derive(node, told.identity().keyEpoch()), requestor.key()),
                        told.identity().incarnationId());
    }
}
