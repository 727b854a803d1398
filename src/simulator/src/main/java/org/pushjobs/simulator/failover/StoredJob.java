package org.pushjobs.simulator.failover;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A job as the database has it.
 *
 * @param status as the API names it
 * @param nodes their statuses, as the API names them
 * @param events in order
 */
record StoredJob(String id, String command, String status, Map<String, String> nodes, List<FeedEvent> events) {
    StoredJob {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(command, "command");
        Objects.requireNonNull(status, "status");
        nodes = Map.copyOf(nodes);
        events = List.copyOf(events);
    }
}
