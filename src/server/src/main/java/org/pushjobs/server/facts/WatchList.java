package org.pushjobs.server.facts;

import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.pushjobs.protocol.NodeRef;

/**
 * The live jobs, and which of them a node takes part in. A question costs the same whatever the number of jobs and nodes. Not
 * thread-safe.
 */
public final class WatchList {
    private final Map<String, Order.Watched> jobs = new LinkedHashMap<>();
    private final Map<NodeRef, Set<String>> ofNode = new HashMap<>();

    /** A job is live; the same again changes nothing. */
    public void watch(Order.Watched job) {
        if (jobs.putIfAbsent(job.jobId(), job) == null) {
            nodes(job)
                    .forEach(node -> ofNode.computeIfAbsent(node, _ -> new LinkedHashSet<>())
                            .add(job.jobId()));
        }
    }

    /** A job has ended; nothing happens when it is not live. */
    public void unwatch(String jobId) {
        Order.Watched job = jobs.remove(jobId);
        if (job == null) {
            return;
        }
        for (NodeRef node : nodes(job)) {
            ofNode.computeIfPresent(node, (_, watching) -> {
                watching.remove(jobId);
                return watching.isEmpty() ? null : watching;
            });
        }
    }

    /** The live jobs, the eldest first. */
    public List<Order.Watched> jobs() {
        return List.copyOf(jobs.values());
    }

    /** The live jobs in which the node takes part, the eldest first. */
    public Set<String> of(NodeRef node) {
        return ofNode.getOrDefault(node, Set.of());
    }

    /** Whether the node takes part in a live job. */
    public boolean isWatched(NodeRef node) {
        return ofNode.containsKey(node);
    }

    /** All nodes that take part in one; a view, which changes with the jobs. */
    public Set<NodeRef> nodes() {
        return Collections.unmodifiableSet(ofNode.keySet());
    }

    private static List<NodeRef> nodes(Order.Watched job) {
        return job.nodes().stream()
                .map(name -> new NodeRef(job.orgGuid(), name))
                .toList();
    }
}
