package org.pushjobs.server.gateway;

import java.util.Objects;

/**
 * How to reach one connected agent. A reconnected agent has another route.
 *
 * @param connection number of the connection in the life of this process
 * @param address IP address of the agent's end of the connection, for people
 */
public record Route(long connection, String address) {
    public Route {
        Objects.requireNonNull(address, "address");
    }

    /** Whether the connection was made later than the other one, also where its first message is heard earlier. */
    public boolean isNewerThan(Route other) {
        return connection > other.connection;
    }
}
