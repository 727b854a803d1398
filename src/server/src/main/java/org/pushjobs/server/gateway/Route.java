package org.pushjobs.server.gateway;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * How to reach one connected agent: the routing id that the command port gave its connection. A reconnected agent has
 * another one.
 *
 * @param id the raw bytes, one character each
 */
public record Route(String id) {
    public Route {
        Objects.requireNonNull(id, "id");
    }

    static Route of(byte[] routingId) {
        return new Route(new String(routingId, StandardCharsets.ISO_8859_1));
    }

    byte[] bytes() {
        return id.getBytes(StandardCharsets.ISO_8859_1);
    }
}
