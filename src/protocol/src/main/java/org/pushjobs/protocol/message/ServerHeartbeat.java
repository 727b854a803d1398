package org.pushjobs.protocol.message;

import java.time.Instant;
import java.util.Objects;

/**
 * The server's periodic broadcast on the heartbeat port.
 *
 * @param server host name of the server
 * @param incarnationId of the server cluster; agents that see a new one fetch their configuration again
 * @param sequence rising over the life of the server process
 * @param timestamp whole seconds
 */
public record ServerHeartbeat(String server, String incarnationId, long sequence, Instant timestamp) {
    public ServerHeartbeat {
        Objects.requireNonNull(server, "server");
        Objects.requireNonNull(incarnationId, "incarnationId");
        Objects.requireNonNull(timestamp, "timestamp");
    }
}
