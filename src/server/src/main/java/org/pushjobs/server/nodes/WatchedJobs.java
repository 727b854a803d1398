package org.pushjobs.server.nodes;

import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.server.facts.Order;
import org.pushjobs.server.facts.WatchList;
import org.pushjobs.server.nodes.NodeSession.JobRelation;

/**
 * The live jobs as the term has told them, and of which nodes it can be said that they take part in no others: one that has come
 * from another gateway may have been asked there what this one hears of later. A question about one node costs the same whatever
 * the number of jobs and nodes. Belongs to the event loop of {@link NodeSessions}.
 */
final class WatchedJobs {
    private WatchList jobs = new WatchList();
    private boolean complete;
    private long heard;

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

    /** There is a new term, and these are the jobs of an earlier one. */
    void areOfAnEarlierTerm() {
        complete = false;
        heard = 0;
    }

    /** The term had heard of sessions up to this one when it told what is told by now. */
    void heardUpTo(long session) {
        heard = session;
    }

    /** Whether the term has told which jobs are live. */
    boolean areKnown() {
        return complete;
    }

    /** The live jobs in which the node takes part, the eldest first. */
    Set<String> of(NodeRef ref) {
        return jobs.of(ref);
    }

    boolean isWatched(NodeRef ref) {
        return jobs.isWatched(ref);
    }

    /** All nodes that take part in one; a view, which changes with the jobs. */
    Set<NodeRef> nodes() {
        return jobs.nodes();
    }

    /** How the job that the first message of a session names stands to the term. */
    JobRelation relation(NodeRef ref, AgentMessage first) {
        return relation(ref, first, Long.MAX_VALUE);
    }

    /** How the job that a message of a session names stands to the term. */
    JobRelation relation(NodeRef ref, AgentMessage message, long session) {
        Optional<String> jobId = message.jobId();
        if (jobId.isEmpty()) {
            return JobRelation.NONE;
        }
        if (of(ref).contains(jobId.get())) {
            return JobRelation.TAKES_PART;
        }
        return complete && session <= heard ? JobRelation.FOREIGN : JobRelation.UNKNOWN;
    }
}
