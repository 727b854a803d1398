package org.pushjobs.chefhttp;

import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Which proxy a request goes through.
 *
 * @param http for {@code http://} addresses
 * @param https for {@code https://} addresses
 * @param noProxy hosts that are asked directly, as {@link DirectHosts} has them
 */
public record ProxySettings(Optional<ProxyAddress> http, Optional<ProxyAddress> https, List<String> noProxy) {
    /** No proxy at all. */
    public static final ProxySettings NONE = new ProxySettings(Optional.empty(), Optional.empty(), List.of());

    public ProxySettings {
        Objects.requireNonNull(http, "http");
        Objects.requireNonNull(https, "https");
        noProxy = List.copyOf(noProxy);
    }

    /** One proxy for addresses of both kinds. */
    public static ProxySettings through(ProxyAddress proxy, List<String> noProxy) {
        return new ProxySettings(Optional.of(proxy), Optional.of(proxy), noProxy);
    }

    /** The proxy for an address, which has a host; empty when it is asked directly. */
    public Optional<ProxyAddress> proxyFor(URI address) {
        if (new DirectHosts(noProxy).cover(address)) {
            return Optional.empty();
        }
        return "https".equalsIgnoreCase(address.getScheme()) ? https : http;
    }
}
