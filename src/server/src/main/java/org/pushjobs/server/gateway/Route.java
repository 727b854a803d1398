package org.pushjobs.server.gateway;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * How to reach one connected agent: the routing id that the command port gave its connection. A reconnected agent has
 * another one.
 *
 * @param id the raw bytes, one character each
 * @param address IP address of the agent's end of the connection, for people
 */
public record Route(String id, String address) {
    public Route {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(address, "address");
    }

    static Route of(byte[] routingId, String address) {
        return new Route(new String(routingId, StandardCharsets.ISO_8859_1), address);
    }

    byte[] bytes() {
        return id.getBytes(StandardCharsets.ISO_8859_1);
    }
}
