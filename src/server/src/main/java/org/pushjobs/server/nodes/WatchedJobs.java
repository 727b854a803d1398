package org.pushjobs.server.nodes;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.server.facts.Order;
import org.pushjobs.server.facts.WatchList;
import org.pushjobs.server.nodes.NodeSession.JobRelation;

/**
 * The live jobs as the term has told them, and whether these are all of them: while they may not be, what an agent does may be
 * wanted. A question about one node costs the same whatever the number of jobs and nodes. Belongs to the event loop of
 * {@link NodeSessions}.
 */
final class WatchedJobs {
    private WatchList jobs = new WatchList();
    private boolean complete;

    /** These are all live jobs. */
    void replaceAll(Collection<Order.Watched> live) {
        jobs = new WatchList();
        live.forEach(jobs::watch);
        complete = true;
    }

    void watch(Order.Watched job) {
        jobs.watch(job);
    }

    /** A job has ended; nothing happens when it is not live. */
    void unwatch(String jobId) {
        jobs.unwatch(jobId);
    }

    /** There may be others, and some may have ended. */
    void areUncertain() {
        complete = false;
    }

    /** Nothing was missed since they were all of them. */
    void areCertain() {
        complete = true;
    }

    /** Whether a job that is not among them is not live. */
    boolean areAllKnown() {
        return complete;
    }

    /** The live jobs in which the node takes part, the eldest first. */
    Set<String> of(NodeRef ref) {
        return jobs.of(ref);
    }

    boolean isWatched(NodeRef ref) {
        return jobs.isWatched(ref);
    }

    /** All nodes that take part in one; costs as much as there are. */
    Set<NodeRef> nodes() {
        Set<NodeRef> nodes = new LinkedHashSet<>();
        for (Order.Watched job : jobs.jobs()) {
            job.nodes().forEach(name -> nodes.add(new NodeRef(job.orgGuid(), name)));
        }
        return nodes;
    }

    /** How the job that a message of the node names stands to the term. */
    JobRelation relation(NodeRef ref, AgentMessage message) {
        Optional<String> jobId = message.jobId();
        if (jobId.isEmpty()) {
            return JobRelation.NONE;
        }
        if (of(ref).contains(jobId.get())) {
            return JobRelation.TAKES_PART;
        }
        return complete ? JobRelation.FOREIGN : JobRelation.UNKNOWN;
    }
}
