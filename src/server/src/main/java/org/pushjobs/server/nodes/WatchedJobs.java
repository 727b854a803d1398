package org.pushjobs.server.nodes;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.server.nodes.NodeSession.JobRelation;

/**
 * The live jobs, which of them watch a node, and which wait for nodes to come back after a restart. A question costs the same
 * whatever the number of jobs and nodes. Belongs to the event loop of {@link NodeSessions}.
 */
final class WatchedJobs {
    private final Map<String, Job> jobs = new HashMap<>();
    private final Map<NodeRef, Set<String>> ofNode = new HashMap<>();

    private static final class Job {
        private final Set<NodeRef> nodes;
        private boolean awaitsReturn;

        private Job(Set<NodeRef> nodes) {
            this.nodes = nodes;
        }
    }

    /**
     * A job is live.
     *
     * @return its nodes
     */
    Set<NodeRef> watch(String jobId, String orgGuid, Collection<String> names) {
        Set<NodeRef> refs = new LinkedHashSet<>();
        names.forEach(name -> refs.add(new NodeRef(orgGuid, name)));
        jobs.put(jobId, new Job(refs));
        refs.forEach(
                ref -> ofNode.computeIfAbsent(ref, _ -> new LinkedHashSet<>()).add(jobId));
        return refs;
    }

    /** A job has ended; nothing happens when it is not live. */
    void unwatch(String jobId) {
        Job job = jobs.remove(jobId);
        if (job == null) {
            return;
        }
        for (NodeRef ref : job.nodes) {
            ofNode.computeIfPresent(ref, (_, watching) -> {
                watching.remove(jobId);
                return watching.isEmpty() ? null : watching;
            });
        }
    }

    boolean isLive(String jobId) {
        return jobs.containsKey(jobId);
    }

    /** A live job waits for nodes of it that may be at work, and are not to be aborted when they come back. */
    void beginWait(String jobId) {
        jobs.get(jobId).awaitsReturn = true;
    }

    void endWait(String jobId) {
        jobs.get(jobId).awaitsReturn = false;
    }

    /** Whether a job waits for the node to come back. */
    boolean isAwaited(NodeRef ref) {
        return of(ref).stream().anyMatch(jobId -> jobs.get(jobId).awaitsReturn);
    }

    /** The live jobs in which the node takes part, the eldest first. */
    Set<String> of(NodeRef ref) {
        return ofNode.getOrDefault(ref, Set.of());
    }

    boolean isWatched(NodeRef ref) {
        return ofNode.containsKey(ref);
    }

    /** How the job that a message of the node names stands to this server. */
    JobRelation relation(NodeRef ref, AgentMessage message) {
        Optional<String> jobId = message.jobId();
        if (jobId.isEmpty()) {
            return JobRelation.NONE;
        }
        return of(ref).contains(jobId.get()) ? JobRelation.TAKES_PART : JobRelation.FOREIGN;
    }
}
