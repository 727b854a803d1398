package org.pushjobs.server.roles;

import io.vertx.core.Future;
import java.util.Objects;
import java.util.Optional;
import org.pushjobs.server.cluster.Members;
import org.pushjobs.server.jobs.lease.EndedHolders;
import org.pushjobs.server.jobs.lease.LeaseHolder;
import org.pushjobs.server.store.LeaseStore;

/**
 * Holders of the lease on other machines. Whose process was killed leaves the cluster at once, since the kernel closes its
 * connections; those to the database, too. Who is cut off, or whose machine is dead, leaves connections behind that nobody has closed:
 * its lease has to run out.
 */
final class EndedMembers implements EndedHolders {
    private final Members members;
    private final LeaseStore leases;

    EndedMembers(Members members, LeaseStore leases) {
        this.members = Objects.requireNonNull(members, "members");
        this.leases = Objects.requireNonNull(leases, "leases");
    }

    @Override
    public Future<Optional<String>> whyEnded(String holder) {
        return OF_THIS_MACHINE
                .whyEnded(holder)
                .compose(why -> why.isPresent() ? Future.succeededFuture(why) : whyEndedElsewhere(holder));
    }

    private Future<Optional<String>> whyEndedElsewhere(String holder) {
        return LeaseHolder.parse(holder)
                .map(LeaseHolder::life)
                .filter(members::hasLeft)
                .map(process -> leases.hasConnections(process)
                        .map(connected -> Optional.of(
                                        "it has left the cluster and closed its connections to the database")
                                .filter(_ -> !connected)))
                .orElse(Future.succeededFuture(Optional.empty()));
    }
}
