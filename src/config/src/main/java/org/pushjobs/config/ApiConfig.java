package org.pushjobs.config;

import java.util.List;
import java.util.Objects;

/**
 * The HTTP API.
 *
 * @param listenAddress address that it is bound to
 * @param port 0 picks a free one
 * @param trustedProxies the peers whose {@code X-Forwarded-For} is believed
 */
public record ApiConfig(String listenAddress, int port, List<AddressRange> trustedProxies) {
    public ApiConfig {
        Objects.requireNonNull(listenAddress, "listenAddress");
        trustedProxies = List.copyOf(trustedProxies);
    }
}
