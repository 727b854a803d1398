package org.pushjobs.server.gateway;

import io.vertx.core.Future;
import java.util.Optional;

/** Asks the directory for nodes that nothing is known of here, on servers without CURVE. */
@FunctionalInterface
public interface ClientLookUp {
    /** The guid of the organisation; empty when there is none of the name, or it has no client of that name. */
    Future<Optional<String>> organisationOf(String orgName, String client);
}
