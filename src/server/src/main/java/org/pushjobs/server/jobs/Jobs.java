package org.pushjobs.server.jobs;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import org.pushjobs.server.jobs.model.JobStatus;

/** Asks the coordinator; usable from any verticle. */
public interface Jobs {
    /**
     * Starts a job. Once this succeeds the job is in the database. A request with a key that has started a job before gets
     * that job again.
     *
     * @return the job's id; fails with a {@link org.pushjobs.server.ServerException} of status 503, in time to be passed on,
     *     while the coordinator or the database is not ready: its message says whether it is certain that the job was not
     *     started; 422 when the key belongs to another request
     */
    Future<String> start(JobRequest request);

    /**
     * Asks for the end of a job. Once this succeeds the wish is in the database and survives a restart. To ask again changes
     * nothing.
     *
     * @return what the job is now: aborted, or still running while nodes are waited for; fails with a
     *     {@link org.pushjobs.server.ServerException} of status 404 when the organisation has no such job, 409 when it has
     *     ended otherwise, 503 while the coordinator or the database is not ready
     */
    Future<JobStatus> abort(JobAbortRequest request);

    /** The ids of the jobs that have not ended, in no particular order. */
    Future<List<String>> liveIds();

    /**
     * How long the eldest change of a job that is not stored yet has been waiting for that, or, where this is longer, for how
     * long nothing was stored of the output that waits to be stored before its results count; zero when all is stored.
     */
    Future<Duration> storeLag();
}
