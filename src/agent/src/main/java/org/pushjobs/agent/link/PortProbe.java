package org.pushjobs.agent.link;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** Tries to connect to a port and says why that fails, which JeroMQ does not. Usable from any thread; blocks it. */
final class PortProbe {
    static final Duration TIME_OUT = Duration.ofSeconds(5);

    private static final String SCHEME = "tcp://";

    private PortProbe() {}

    /**
     * Why nobody can connect there, for people; empty when one can.
     *
     * @param address {@code tcp://HOST:PORT}
     */
    static Optional<String> problem(String address) {
        int colon = address.lastIndexOf(':');
        String host = address.substring(SCHEME.length(), colon);
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, Integer.parseInt(address.substring(colon + 1))), (int)
                    TIME_OUT.toMillis());
            return Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            return Optional.of("cannot connect to " + address + ": " + reason(e));
        }
    }

    private static String reason(Exception error) {
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
