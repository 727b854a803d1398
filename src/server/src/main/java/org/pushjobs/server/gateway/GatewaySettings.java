package org.pushjobs.server.gateway;

import java.util.Objects;
import java.util.Optional;
import org.pushjobs.server.config.ServerConfig.GatewayConfig;

/**
 * How the two ZeroMQ ports are opened and served.
 *
 * @param listenAddress {@code tcp://*} or {@code tcp://ADDRESS}
 * @param heartbeatPort 0 picks a free one
 * @param commandPort 0 picks a free one
 * @param maxBodySizeBytes largest body that is of use; much larger messages close the connection
 * @param curveSecretKey Z85; empty for clear text
 */
public record GatewaySettings(
        String listenAddress,
        int heartbeatPort,
        int commandPort,
        int maxBodySizeBytes,
        Optional<String> curveSecretKey,
        GatewayConfig sizes) {
    private static final String TCP = "tcp://";

    public GatewaySettings {
        Objects.requireNonNull(listenAddress, "listenAddress");
        Objects.requireNonNull(curveSecretKey, "curveSecretKey");
        Objects.requireNonNull(sizes, "sizes");
        if (!listenAddress.startsWith(TCP)) {
            throw new IllegalArgumentException("the address has to start with " + TCP + ": " + listenAddress);
        }
    }

    /** The address without {@code tcp://}. */
    String host() {
        return listenAddress.substring(TCP.length());
    }

    @Override
    public String toString() {
        return "GatewaySettings[" + listenAddress + ", heartbeat port " + heartbeatPort + ", command port "
                + commandPort + ", curve " + curveSecretKey.isPresent() + ", " + sizes + "]";
    }
}
