package org.pushjobs.server.jobs;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.server.jobs.model.NodeStatus;

/** The jobs of a term that have not ended, the eldest first. Belongs to the term's event loop. */
final class LiveJobs {
    private final Function<NodeRef, Set<String>> jobsOf;
    private final Map<String, LiveJob> jobs = new LinkedHashMap<>();

    /** @param jobsOf the ids of those in which a node takes part */
    LiveJobs(Function<NodeRef, Set<String>> jobsOf) {
        this.jobsOf = Objects.requireNonNull(jobsOf, "jobsOf");
    }

    void add(LiveJob job) {
        jobs.put(job.id(), job);
    }

    void remove(LiveJob job) {
        jobs.remove(job.id());
    }

    List<String> ids() {
        return List.copyOf(jobs.keySet());
    }

    boolean has(LiveJob job) {
        return jobs.containsKey(job.id());
    }

    Optional<LiveJob> find(String id, String orgGuid) {
        return Optional.ofNullable(jobs.get(id)).filter(job -> job.orgGuid().equals(orgGuid));
    }

    /** Empty when the job is not live or the node has no part in it. */
    Optional<LiveJob> find(String id, NodeRef node) {
        return find(id, node.orgGuid()).filter(job -> job.machine().nodes().containsKey(node.node()));
    }

    /** Those in which the node takes part. */
    List<LiveJob> of(NodeRef node) {
        return jobsOf.apply(node).stream()
                .flatMap(id -> Optional.ofNullable(jobs.get(id)).stream())
                .toList();
    }

    /** The same, but for one. */
    List<LiveJob> othersOf(NodeRef node, LiveJob but) {
        return of(node).stream().filter(job -> job != but).toList();
    }

    /** Whether the node is ready for another job, or runs it: then its agent has nothing of this one that could be aborted. */
    boolean isAtWorkForAnother(LiveJob than, String name) {
        return othersOf(new NodeRef(than.orgGuid(), name), than).stream()
                .map(other -> other.machine().nodes().get(name))
                .anyMatch(status -> status == NodeStatus.READY || status == NodeStatus.RUNNING);
    }
}
