package org.pushjobs.server.store;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;

/**
 * The right to run the jobs (cluster.md, "Term"): one server has it, for a time that it makes longer again and again. A call
 * that fails may have been carried out, or be carried out later; to make it again does no harm.
 */
public interface Leases {
    /**
     * Takes the lease if it is free, has run out, or is the holder's own, and begins a term. It counts from the call on: when
     * that has taken long, it is to be renewed before anything else is done with it.
     *
     * @param holder a name that no other life of a server has
     * @return the epoch of the new term; empty when somebody else has the lease
     */
    Future<Optional<Long>> take(String holder, Duration lease);

    /**
     * Makes the lease end this time from now on.
     *
     * @return false when it is somebody else's, or nobody's, or of another term
     */
    Future<Boolean> renew(String holder, long epoch, Duration lease);

    /** Lets others take it at once. Nothing happens when it is lost already. */
    Future<Void> release(String holder, long epoch);

    /** As it is now. */
    Future<Lease> current();
}
