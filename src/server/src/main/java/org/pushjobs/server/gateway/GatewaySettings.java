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
import org.pushjobs.config.GatewayConfig;
import org.pushjobs.zmtp.nacl.Crypto;

/**
 * How the two ZeroMQ ports are opened and served.
 *
 * @param config its address is {@code tcp://*} or {@code tcp://} and an address, a host name or an interface; messages that are
 *     much larger than its largest body close the connection
 * @param curveSecretKey Z85; empty for clear text
 * @param heartbeatInterval by which nodes are judged
 */
public record GatewaySettings(GatewayConfig config, Optional<String> curveSecretKey, Duration heartbeatInterval) {
    private static final String TCP = "tcp://";

    public GatewaySettings {
        Objects.requireNonNull(config, "config");
        Objects.requireNonNull(curveSecretKey, "curveSecretKey");
        Objects.requireNonNull(heartbeatInterval, "heartbeatInterval");
        if (!config.listenAddress().startsWith(TCP)) {
            throw new IllegalArgumentException("the address has to start with " + TCP + ": " + config.listenAddress());
        }
    }

    /** Which implementation encrypts. */
    Crypto crypto() {
        return switch (config.crypto()) {
            case AUTO -> Crypto.AUTO;
            case JAVA -> Crypto.JAVA;
            case LIBSODIUM -> Crypto.LIBSODIUM;
        };
    }

    /** The address without {@code tcp://} and brackets; of an interface its IPv4 address or, without one, another. */
    String host() {
        String host = config.listenAddress().substring(TCP.length());
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
        return "GatewaySettings[curve " + curveSecretKey.isPresent() + ", " + config + "]";
    }
}
