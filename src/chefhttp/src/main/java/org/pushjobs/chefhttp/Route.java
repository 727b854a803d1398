package org.pushjobs.chefhttp;

import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * The way to a server.
 *
 * @param proxy through which it is asked
 * @param trust whom to believe; plays no part in requests without TLS
 */
public record Route(ServerHost server, Optional<ProxyAddress> proxy, SSLContext trust) {
    public Route {
        Objects.requireNonNull(server, "server");
        Objects.requireNonNull(proxy, "proxy");
        Objects.requireNonNull(trust, "trust");
    }
}
