package org.pushjobs.server.gateway;

import java.util.Objects;
import java.util.Optional;

/**
 * How the two ZeroMQ ports are opened.
 *
 * @param listenAddress {@code tcp://*} or {@code tcp://ADDRESS}
 * @param heartbeatPort 0 picks a free one
 * @param commandPort 0 picks a free one
 * @param maxBodySizeBytes largest body that is of use; much larger messages close the connection
 * @param curveSecretKey Z85; empty for clear text
 */
public record ZmqSettings(
        String listenAddress,
        int heartbeatPort,
        int commandPort,
        int maxBodySizeBytes,
        Optional<String> curveSecretKey) {
    public ZmqSettings {
        Objects.requireNonNull(listenAddress, "listenAddress");
        Objects.requireNonNull(curveSecretKey, "curveSecretKey");
    }

    @Override
    public String toString() {
        return "ZmqSettings[" + listenAddress + ", heartbeat port " + heartbeatPort + ", command port " + commandPort
                + ", curve " + curveSecretKey.isPresent() + "]";
    }
}
