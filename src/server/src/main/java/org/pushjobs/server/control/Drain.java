package org.pushjobs.server.control;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.pushjobs.server.ServerException;
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

    /** What becomes of the jobs, and the agents, when no other server can have them. */
    enum WithoutSuccessor {
        /** Then nothing is done; and should the other one be gone later, this one runs them. */
        REFUSED,
        /** Then nobody runs the jobs, and agents stay where they are. */
        ACCEPTED
    }

    Drain(Peers peers, ThisServer self) {
        this.peers = Objects.requireNonNull(peers, "peers");
        this.self = Objects.requireNonNull(self, "self");
    }

    /**
     * @param perSecond so many agents are told to go
     * @return what came of it, for people; fails with a {@link ServerException}, and nothing has changed then
     */
    Future<String> begin(WithoutSuccessor rule, int perSecond) {
        return peers.look()
                .compose(cluster -> permit(cluster, rule).compose(_ -> leaveJobs(cluster)))
                .map(jobs -> {
                    self.draining()
                            .begin(
                                    () -> self.gateway().flatMap(GatewayRole::depart),
                                    perSecond,
                                    this::runsJobs,
                                    this::compete);
                    abstain(rule);
                    int agents = self.draining()
                            .progress()
                            .map(MemberState.Drain::left)
                            .orElse(0);
                    return jobs + "; it is being drained, agents that are told to go within "
                            + Draining.expected(agents, perSecond).toSeconds() + " s: " + agents;
                });
    }

    private static Future<Void> permit(ClusterState cluster, WithoutSuccessor rule) {
        return switch (rule) {
            case ACCEPTED -> Future.succeededFuture();
            case REFUSED ->
                cluster.whyNotWithoutSelf()
                        .<Future<Void>>map(why -> Future.failedFuture(new ServerException(
                                409,
                                why + "; with --force it is drained all the same: nobody runs jobs then, agents stay")))
                        .orElseGet(Future::succeededFuture);
        };
    }

    private boolean runsJobs() {
        return self.coordinator().flatMap(CoordinatorRole::term).isPresent();
    }

    private void compete() {
        self.coordinator().ifPresent(CoordinatorRole::compete);
    }

    private Future<String> leaveJobs(ClusterState cluster) {
        Seen here = cluster.self();
        if (here.epoch() == 0) {
            return Future.succeededFuture(cluster.active()
                    .map(active -> "this server runs no jobs, " + active.shown() + " does")
                    .orElse("this server runs no jobs, and nobody is known to"));
        }
        return cluster.successorsOf(here).stream()
                .findFirst()
                .map(next ->
                        peers.askToTakeOver(next).map(_ -> "this server has handed the jobs over to " + next.shown()))
                .orElseGet(this::leaveJobsToNobody);
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
