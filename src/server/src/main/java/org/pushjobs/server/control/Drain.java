package org.pushjobs.server.control;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.gateway.OpenConnections;
import org.pushjobs.server.roles.CoordinatorRole;
import org.pushjobs.server.roles.GatewayRole;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gets this server out of use without losing anything, and into use again (decision 46). */
final class Drain {
    private static final Logger LOG = LoggerFactory.getLogger(Drain.class);

    /** More than others need to find a lease that is free. */
    private static final Duration NOBODY_ELSE = Duration.ofSeconds(15);

    private final Peers peers;
    private final ThisServer self;

    /** What becomes of the jobs when no other server can run them. */
    enum WithoutSuccessor {
        /** Then nothing is done; and should the other one be gone later, this one runs them. */
        REFUSED,
        /** Then nobody runs them. */
        ACCEPTED
    }

    Drain(Peers peers, ThisServer self) {
        this.peers = Objects.requireNonNull(peers, "peers");
        this.self = Objects.requireNonNull(self, "self");
    }

    /**
     * @param perSecond so many connections are closed
     * @return what came of it, for people; fails with a {@link ServerException}, and nothing has changed then
     */
    Future<String> begin(WithoutSuccessor rule, int perSecond) {
        return peers.look().compose(cluster -> leaveJobs(cluster, rule)).map(jobs -> {
            Optional<OpenConnections> connections = self.gateway().flatMap(GatewayRole::openConnections);
            self.draining().begin(connections, perSecond, this::runsJobs, this::compete);
            abstain(rule);
            int open = connections.map(OpenConnections::left).orElse(0);
            return jobs + "; it is being drained, connections of agents that are closed within "
                    + Draining.expected(open, perSecond).toSeconds() + " s: " + open;
        });
    }

    private boolean runsJobs() {
        return self.coordinator().flatMap(CoordinatorRole::term).isPresent();
    }

    private void compete() {
        self.coordinator().ifPresent(CoordinatorRole::compete);
    }

    private Future<String> leaveJobs(ClusterState cluster, WithoutSuccessor rule) {
        Seen here = cluster.self();
        if (here.epoch() == 0) {
            return Future.succeededFuture(cluster.active()
                    .map(active -> "this server runs no jobs, " + active.shown() + " does")
                    .orElse("this server runs no jobs, and nobody is known to"));
        }
        Optional<Seen> next = cluster.successorsOf(here).stream().findFirst();
        if (next.isPresent()) {
            return peers.askToTakeOver(next.get())
                    .map(_ -> "this server has handed the jobs over to "
                            + next.get().shown());
        }
        return switch (rule) {
            case REFUSED ->
                Future.failedFuture(new ServerException(
                        409,
                        "this server runs the jobs and nobody could take over: " + cluster.whyNobody(here)
                                + "; with --force it is drained all the same, and nobody runs jobs then"));
            case ACCEPTED -> leaveJobsToNobody();
        };
    }

    private Future<String> leaveJobsToNobody() {
        LOG.warn("this server is drained by force, and nobody is known who could run the jobs");
        // before the lease is free
        abstain(WithoutSuccessor.ACCEPTED);
        return self.coordinator()
                .map(coordinator -> coordinator.handOver("this server is drained by force"))
                .orElse(Future.succeededFuture())
                .onFailure(_ -> compete())
                .map("this server has given the jobs up and nobody runs them until a server can");
    }

    private void abstain(WithoutSuccessor rule) {
        Optional<Duration> patience = switch (rule) {
            case REFUSED -> Optional.of(NOBODY_ELSE);
            case ACCEPTED -> Optional.empty();
        };
        self.coordinator().ifPresent(coordinator -> coordinator.abstain(patience));
    }

    /** @return what came of it, for people */
    Future<String> end() {
        boolean was = self.draining().isOn();
        self.draining().end();
        return Future.succeededFuture(
                was
                        ? "this server is in use again; the jobs stay where they are"
                        : "this server was not being drained");
    }
}
