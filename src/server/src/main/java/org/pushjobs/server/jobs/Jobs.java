package org.pushjobs.server.jobs;

import io.vertx.core.Future;
import java.util.List;

/** Asks the coordinator; usable from any verticle. */
public interface Jobs {
    /**
     * Starts a job. Once this succeeds the job is in the database.
     *
     * @return the job's id; fails with a {@link org.pushjobs.server.ServerException} of status 503 while the coordinator
     *     or the database is not ready
     */
    Future<String> start(JobRequest request);

    /** The ids of the jobs that have not ended, in no particular order. */
    Future<List<String>> liveIds();
}
