package org.pushjobs.server.jobs.machine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.pushjobs.server.jobs.model.NodeStatus;

/** What each node of one job is, and how many are what. Part of the pure {@link JobMachine}; not thread-safe. */
final class NodeTable {
    /** The columns of the tables in lifecycle.md. A voting job has no running node and a running job no new one. */
    enum Part {
        NEW,
        READY,
        RUNNING,
        ENDED
    }

    private final Map<String, NodeStatus> statuses;
    /** By {@link NodeStatus#ordinal}. */
    private final int[] counts = new int[NodeStatus.values().length];

    /** @param statuses by node, in the order in which the nodes are asked */
    NodeTable(Map<String, NodeStatus> statuses) {
        this.statuses = new LinkedHashMap<>(statuses);
        statuses.values().forEach(status -> counts[status.ordinal()]++);
    }

    /** Nodes that have not been asked yet, in the order in which they will be. */
    static NodeTable allNew(List<String> nodes) {
        Map<String, NodeStatus> fresh = LinkedHashMap.newLinkedHashMap(nodes.size());
        nodes.forEach(node -> fresh.put(node, NodeStatus.NEW));
        return new NodeTable(fresh);
    }

    boolean has(String node) {
        return statuses.containsKey(node);
    }

    List<String> names() {
        return List.copyOf(statuses.keySet());
    }

    /** All of them, in their order; a view. */
    Map<String, NodeStatus> statuses() {
        return Collections.unmodifiableMap(statuses);
    }

    NodeStatus status(String node) {
        return statuses.get(node);
    }

    boolean isTerminal(String node) {
        return statuses.get(node).isTerminal();
    }

    Part part(String node) {
        return switch (statuses.get(node)) {
            case NEW -> Part.NEW;
            case READY -> Part.READY;
            case RUNNING -> Part.RUNNING;
            case SUCCEEDED, FAILED, ABORTED, UNAVAILABLE, NACKED, FAULTY, WAS_READY, CRASHED, TIMED_OUT -> Part.ENDED;
        };
    }

    /** How many are this; takes constant time. */
    int count(NodeStatus status) {
        return counts[status.ordinal()];
    }

    /** Which are this, in their order. */
    List<String> thatAre(NodeStatus status) {
        return thatAre(status::equals);
    }

    /** Which are one of these, in their order. */
    List<String> thatAre(Predicate<NodeStatus> wanted) {
        List<String> found = new ArrayList<>();
        statuses.forEach((node, status) -> {
            if (wanted.test(status)) {
                found.add(node);
            }
        });
        return found;
    }

    /** Which have not ended, in their order. */
    List<String> thatAreLive() {
        return thatAre(status -> !status.isTerminal());
    }

    /** @throws IllegalStateException when the node's part in the job has ended */
    void set(String node, NodeStatus status) {
        NodeStatus old = statuses.get(node);
        if (old.isTerminal()) {
            throw new IllegalStateException("node " + node + " has ended as " + old + ", not " + status);
        }
        statuses.put(node, status);
        counts[old.ordinal()]--;
        counts[status.ordinal()]++;
    }
}
