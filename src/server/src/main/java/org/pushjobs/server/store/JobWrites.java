package org.pushjobs.server.store;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import org.pushjobs.server.jobs.model.JobChanges;
import org.pushjobs.server.jobs.model.NewJob;

/**
 * What is written of live jobs. A call that fails may have been carried out all the same, or be carried out later;
 * {@link WriteFailure} tells whether that can be. Either way it changes nothing that a call of a higher revision has written
 * before it.
 */
public interface JobWrites {
    /**
     * Stores new jobs, and what changed in jobs, in one transaction. A job and changes to it may be in the same call;
     * its first events have to be, or the organisation's feed would miss them.
     *
     * <p>The same call may be made again: what is there already is left as it is. A job or node that has reached a terminal
     * state keeps it. Changes to a job that is no longer there are dropped, and so are those to one that has this revision,
     * or a higher one, already.
     */
    Future<Void> save(List<NewJob> created, List<JobChanges> changes);

    /**
     * Makes sure that jobs which were given up before anybody was told about them never run: where they are in the database
     * they are crashed, with an end in their feed, and their keys are free; where they are not they will not come into it.
     * What a {@link #save} that is under way brings of them later is dropped.
     */
    Future<Void> discard(List<String> jobIds, Instant now);
}
