package org.pushjobs.agent.link;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.pushjobs.chefhttp.HostLookup;

/**
 * Finds out where a port of the server takes connections, and why it does not, which JeroMQ does not tell. Usable from any
 * thread; blocks it.
 */
final class PortProbe {
    static final Duration TIME_OUT = Duration.ofSeconds(5);

    private final HostLookup lookup;

    PortProbe(HostLookup lookup) {
        this.lookup = Objects.requireNonNull(lookup, "lookup");
    }

    /**
     * Why nobody can connect there, for people; empty when one can.
     *
     * @param address {@code tcp://HOST:PORT}
     */
    Optional<String> problem(String address) {
        return PortAddress.parse(address).flatMap(this::problem);
    }

    private Optional<String> problem(PortAddress port) {
        try {
            Optional<IOException> failure = Optional.empty();
            for (InetAddress address : lookup.addressesOf(port.host())) {
                Optional<IOException> next = failure(new InetSocketAddress(address, port.port()));
                if (next.isEmpty()) {
                    return Optional.empty();
                }
                failure = failure.or(() -> next);
            }
            return failure.map(cause -> text(port, cause));
        } catch (IOException e) {
            return Optional.of(text(port, e));
        }
    }

    /**
     * Where to connect to for a port. Only when its host has several addresses it is tried which of them takes connections,
     * the one that was used before being asked first.
     *
     * @param before the address that is used now
     */
    InetSocketAddress find(PortAddress port, Optional<InetSocketAddress> before) throws UnknownHostException {
        List<InetSocketAddress> candidates = lookup.addressesOf(port.host()).stream()
                .map(address -> new InetSocketAddress(address, port.port()))
                .sorted(Comparator.comparing(candidate -> !before.equals(Optional.of(candidate))))
                .toList();
        return candidates.size() == 1
                ? candidates.getFirst()
                : candidates.stream()
                        .filter(candidate -> failure(candidate).isEmpty())
                        .findFirst()
                        .orElse(candidates.getFirst());
    }

    private static Optional<IOException> failure(InetSocketAddress address) {
        try (Socket socket = new Socket()) {
            socket.connect(address, (int) TIME_OUT.toMillis());
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(e);
        }
    }

    /** One cause in words. */
    static String text(PortAddress port, IOException cause) {
        return "cannot connect to " + port + ": " + reason(cause);
    }

    private static String reason(IOException error) {
        return switch (error) {
            case UnknownHostException _ -> "unknown host";
            case SocketTimeoutException _ -> "no answer within " + TIME_OUT.toSeconds() + " s";
            case NoRouteToHostException _ -> "no route to the host";
            default ->
                error.getMessage() == null
                        ? error.toString()
                        : error.getMessage().toLowerCase(Locale.ROOT);
        };
    }
}
