package org.pushjobs.server.jobs.lease;

import io.vertx.core.Future;
import java.util.Optional;

/** Tells of holders of the lease that run no more, so that nobody waits until their lease is over. */
@FunctionalInterface
public interface EndedHolders {
    /** By what this machine knows of its processes. */
    EndedHolders OF_THIS_MACHINE = holder -> Future.succeededFuture(
            Optional.of("its process on this machine has ended").filter(_ -> LeaseHolder.hasEnded(holder)));

    /**
     * Asked by the event loop of the keeper.
     *
     * @param holder as it stands in the lease
     * @return why it is certain; empty when the holder may run; a failure means the same
     */
    Future<Optional<String>> whyEnded(String holder);
}
