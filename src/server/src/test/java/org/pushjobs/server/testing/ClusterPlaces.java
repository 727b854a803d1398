package org.pushjobs.server.testing;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.IntStream;

/** Where the servers of a cluster are: 127.0.0.1, 127.0.0.2 and so on, with ports that were free. */
public final class ClusterPlaces {
    private final List<Integer> ports;

    /** @param size how many servers there may be */
    public ClusterPlaces(int size) {
        this.ports = IntStream.range(0, size).mapToObj(_ -> FreePort.pick()).toList();
    }

    /** @param number from 0 */
    public static String address(int number) {
        return "127.0.0." + (number + 1);
    }

    /** By which the others know it. */
    public int port(int number) {
        return ports.get(number);
    }

    /** The settings that make a server a member. */
    public JsonObject settings(int number) {
        JsonArray members = new JsonArray();
        IntStream.range(0, ports.size()).forEach(other -> members.add(address(other) + ":" + port(other)));
        return new JsonObject()
                .put("cluster_members", members)
                .put("cluster_address", address(number))
                .put("cluster_port", port(number))
                .put("cluster_bus_port", FreePort.pick());
    }
}
