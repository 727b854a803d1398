package org.pushjobs.server.gateway;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Duration;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.pushjobs.config.ServerConfig.GatewayConfig;
import org.pushjobs.zmtp.nacl.Crypto;

/**
 * How the two ZeroMQ ports are opened and served.
 *
 * @param listenAddress {@code tcp://*} or {@code tcp://} and an address, a host name or an interface
 * @param heartbeatPort 0 picks a free one
 * @param commandPort 0 picks a free one
 * @param maxBodySizeBytes largest body that is of use; much larger messages close the connection
 * @param curveSecretKey Z85; empty for clear text
 * @param heartbeatInterval by which nodes are judged
 */
public record GatewaySettings(
        String listenAddress,
        int heartbeatPort,
        int commandPort,
        int maxBodySizeBytes,
        Optional<String> curveSecretKey,
        Duration heartbeatInterval,
        GatewayConfig sizes) {
    private static final String TCP = "tcp://";

    public GatewaySettings {
        Objects.requireNonNull(listenAddress, "listenAddress");
        Objects.requireNonNull(curveSecretKey, "curveSecretKey");
        Objects.requireNonNull(heartbeatInterval, "heartbeatInterval");
        Objects.requireNonNull(sizes, "sizes");
        if (!listenAddress.startsWith(TCP)) {
            throw new IllegalArgumentException("the address has to start with " + TCP + ": " + listenAddress);
        }
    }

    /** Which implementation encrypts. */
    Crypto crypto() {
        return switch (sizes.crypto()) {
            case AUTO -> Crypto.AUTO;
            case JAVA -> Crypto.JAVA;
            case LIBSODIUM -> Crypto.LIBSODIUM;
        };
    }

    /** The address without {@code tcp://} and brackets; of an interface its IPv4 address or, without one, another. */
    String host() {
        String host = listenAddress.substring(TCP.length());
        return host.startsWith("[")
                ? host.substring(1, host.length() - 1)
                : addressOfInterface(host).orElse(host);
    }

    private static Optional<String> addressOfInterface(String name) {
        try {
            return Stream.ofNullable(NetworkInterface.getByName(name))
                    .flatMap(NetworkInterface::inetAddresses)
                    .min(Comparator.comparing(Inet6Address.class::isInstance))
                    .map(InetAddress::getHostAddress);
        } catch (SocketException e) {
            // the system does not name its interfaces: then it is a host
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return "GatewaySettings[" + listenAddress + ", heartbeat port " + heartbeatPort + ", command port "
                + commandPort + ", curve " + curveSecretKey.isPresent() + ", " + sizes + "]";
    }
}
