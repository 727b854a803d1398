package org.pushjobs.server.store;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import org.pushjobs.server.jobs.model.OutputPart;

/** All that a term writes. */
public interface TermWrites extends JobWrites {
    /**
     * Ends the jobs that have not ended, as the original server does at its start (lifecycle.md): they become crashed, and
     * so do those of their nodes that run.
     *
     * @return how many jobs
     */
    Future<Integer> crashLive(Instant now);

    /**
     * Stores parts of output that came while commands ran. Where a part is already at a position it is left as it is, even if
     * it is shorter, and parts of jobs that are no longer there are dropped.
     *
     * @return whether all of them were stored; if not, {@link OutputEnds#ends} tells what is there
     */
    Future<Boolean> append(List<OutputPart> parts);

    /**
     * Deletes jobs with all that belongs to them, those first that ended first.
     *
     * @param endedBefore only jobs that ended before
     * @param limit how many at most
     * @return how many
     */
    Future<Integer> deleteEnded(Instant endedBefore, int limit);
}
