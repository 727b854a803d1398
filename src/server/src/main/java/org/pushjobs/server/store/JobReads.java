package org.pushjobs.server.store;

import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pushjobs.protocol.message.OutputTail;
import org.pushjobs.server.jobs.model.Channel;
import org.pushjobs.server.jobs.model.JobNode;
import org.pushjobs.server.jobs.model.JobQuery;
import org.pushjobs.server.jobs.model.JobSummary;
import org.pushjobs.server.jobs.model.StoredJob;

/** What the API reads of the stored jobs; usable from any verticle. */
public interface JobReads {
    /** Empty when the organisation has no such job. */
    Future<Optional<StoredJob>> find(String orgGuid, String id);

    /**
     * A part of the organisation's jobs, newest last.
     *
     * @param after only what comes after this position
     * @param atMost how many, from 1
     */
    Future<List<JobSummary>> list(String orgGuid, Optional<JobQuery.Position> after, int atMost);

    /** A part of the organisation's jobs, newest first. */
    Future<List<JobSummary>> page(String orgGuid, JobQuery query);

    /** The parts of a job's nodes in it, by name; empty when the organisation has no such job. */
    Future<List<JobNode>> nodes(String orgGuid, String jobId);

    /** A node's part in a job; empty when it has none. */
    Future<Optional<JobNode>> node(String orgGuid, String jobId, String node);

    /**
     * The last of what failed commands of a job wrote whose output was not captured, by node.
     *
     * @param atMostBytes together; what comes then in the order of the names is left out
     */
    Future<Map<String, OutputTail>> tails(String orgGuid, String jobId, int atMostBytes);

    /** Captured output, as the agent sent it; empty when there is none. */
    Future<Optional<byte[]>> output(String orgGuid, String jobId, String node, Channel channel);
}
