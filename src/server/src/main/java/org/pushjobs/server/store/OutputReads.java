package org.pushjobs.server.store;

import io.vertx.core.Future;
import java.util.List;
import org.pushjobs.server.jobs.model.OutputKey;
import org.pushjobs.server.jobs.model.OutputPart;

/**
 * What is read of the output that came while commands ran; usable from any verticle. Fails as {@link JobStore} does. Ids are
 * of jobs that exist.
 */
public interface OutputReads {
    /**
     * A part of a job's output in the order in which it was stored.
     *
     * @param id rises in this order
     */
    record Numbered(long id, OutputPart part) {}

    /**
     * What comes after a position of a channel, in order and without gaps; the first part may begin before it.
     *
     * @param position bytes before what is wanted
     * @param atMost parts
     */
    Future<List<OutputPart>> after(OutputKey key, long position, int atMost);

    /**
     * What was stored of a job's output, of all its nodes, in the order in which it was.
     *
     * @param afterId only what was stored later; 0 for all
     * @param atMost parts
     */
    Future<List<Numbered>> ofJob(String jobId, long afterId, int atMost);
}
