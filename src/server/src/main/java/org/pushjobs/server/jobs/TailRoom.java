package org.pushjobs.server.jobs;

import java.util.Optional;
import java.util.function.LongSupplier;
import org.pushjobs.protocol.message.Ending;
import org.pushjobs.protocol.message.OutputTail;
import org.pushjobs.server.jobs.machine.JobEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides of which failed commands the last output is stored. It goes into the same statement as the status of its node, which
 * must not become late because of it: when a lot waits already, a node has failed without. Belongs to the term's event loop.
 */
final class TailRoom {
    /** What waits to be stored at most, in bytes. */
    static final long MOST_WAITING_BYTES = 8L << 20;

    private static final Logger LOG = LoggerFactory.getLogger(TailRoom.class);

    private final int mostBytes;
    private final LongSupplier waitingBytes;
    private long dropped;

    /**
     * @param mostBytes of one command; 0 for nothing
     * @param waitingBytes how much waits to be stored
     */
    TailRoom(int mostBytes, LongSupplier waitingBytes) {
        this.mostBytes = mostBytes;
        this.waitingBytes = waitingBytes;
    }

    /** The event with as much of the last output as is stored with it. */
    JobEvent admitted(LiveJob job, JobEvent event) {
        return switch (event) {
            case JobEvent.Failed failed -> withTail(failed, tail(job, failed));
            case JobEvent.Succeeded succeeded ->
                new JobEvent.Succeeded(succeeded.node(), succeeded.output(), without(succeeded.ending()));
            case JobEvent other -> other;
        };
    }

    private static JobEvent withTail(JobEvent.Failed failed, Optional<OutputTail> tail) {
        return new JobEvent.Failed(
                failed.node(), failed.output(), failed.ending().map(ending -> ending.with(tail)));
    }

    private static Optional<Ending> without(Optional<Ending> known) {
        return known.map(ending -> ending.with(Optional.empty()));
    }

    private Optional<OutputTail> tail(LiveJob job, JobEvent.Failed failed) {
        return failed.ending()
                .flatMap(Ending::tail)
                .filter(_ -> !job.terms().spec().capture())
                .map(tail -> tail.last(mostBytes))
                .filter(tail -> tail.data().length > 0)
                .filter(tail -> isRoomFor(job, failed.node(), tail));
    }

    private boolean isRoomFor(LiveJob job, String node, OutputTail tail) {
        if (waitingBytes.getAsLong() + tail.data().length <= MOST_WAITING_BYTES) {
            return true;
        }
        dropped++;
        if (Long.bitCount(dropped) == 1) {
            LOG.warn(
                    "the last output of a failed command is not stored, because too much waits for the database"
                            + " [job: {}, node: {}, so far: {}]",
                    job.id(),
                    node,
                    dropped);
        }
        return false;
    }
}
