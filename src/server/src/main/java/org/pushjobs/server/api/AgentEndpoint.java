package org.pushjobs.server.api;

import java.util.Objects;

/**
 * Where agents find this server's ZeroMQ sockets; handed to them in the config document (wire-protocol.md).
 *
 * @param host name or address that the agents connect to
 * @param heartbeatPort the port really bound, 1 to 65535
 * @param commandPort the port really bound, 1 to 65535
 */
public record AgentEndpoint(String host, int heartbeatPort, int commandPort) {
    public AgentEndpoint {
        Objects.requireNonNull(host, "host");
        checkPort("heartbeatPort", heartbeatPort);
        checkPort("commandPort", commandPort);
    }

    private static void checkPort(String name, int port) {
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException(name + " must be 1 to 65535, is " + port);
        }
    }

    String heartbeatAddress() {
        return "tcp://" + host + ":" + heartbeatPort;
    }

    String commandAddress() {
        return "tcp://" + host + ":" + commandPort;
    }
}
