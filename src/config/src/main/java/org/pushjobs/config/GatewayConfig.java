package org.pushjobs.config;

import java.util.Objects;
import org.pushjobs.protocol.codec.MessageLimits;

/**
 * The two ZeroMQ ports, which agents connect to.
 *
 * @param listenAddress prefix of the addresses that the ports are bound to, {@code tcp://*}
 * @param heartbeatPort port of the heartbeat broadcast; 0 picks a free one
 * @param commandPort port of the commands; 0 picks a free one
 * @param clearText whether the command port is not encrypted
 * @param crypto which implementation encrypts
 * @param processes event loops that share the connections, 1 or more
 * @param connections how many there may be
 * @param messages largest body, and how far a timestamp may be off
 */
public record GatewayConfig(
        String listenAddress,
        int heartbeatPort,
        int commandPort,
        boolean clearText,
        CryptoChoice crypto,
        int processes,
        Connections connections,
        MessageLimits messages) {
    public GatewayConfig {
        Objects.requireNonNull(listenAddress, "listenAddress");
        Objects.requireNonNull(crypto, "crypto");
        Objects.requireNonNull(connections, "connections");
        Objects.requireNonNull(messages, "messages");
    }

    /**
     * How many connections are served at once.
     *
     * @param max on each port
     * @param maxPerAddress on each port from one IP address
     */
    public record Connections(int max, int maxPerAddress) {}
}
