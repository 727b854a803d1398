package org.pushjobs.server.control;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.roles.CoordinatorRole;

/** Makes this server the one that runs the jobs: has the other one give the lease back, and takes it (decision 46). */
final class TakeOver {
    /** For the lease to be here, and the live jobs to be loaded. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final long PAUSE_MILLIS = 100;

    private final Vertx vertx;
    private final Peers peers;
    private final Optional<CoordinatorRole> coordinator;

    TakeOver(Vertx vertx, Peers peers, Optional<CoordinatorRole> coordinator) {
        this.vertx = Objects.requireNonNull(vertx, "vertx");
        this.peers = Objects.requireNonNull(peers, "peers");
        this.coordinator = Objects.requireNonNull(coordinator, "coordinator");
    }

    /** @return what came of it, for people; fails with a {@link ServerException} when this server does not run the jobs then */
    Future<String> perform() {
        return peers.look().compose(this::perform);
    }

    private Future<String> perform(ClusterState cluster) {
        Seen self = cluster.self();
        if (self.epoch() > 0) {
            return Future.succeededFuture("this server runs the jobs already, in epoch " + self.epoch());
        }
        Optional<String> unfit = self.whyUnfit();
        if (unfit.isPresent()) {
            return refused("this server cannot take over: " + unfit.get());
        }
        if (cluster.expected() == 1) {
            return refused(
                    "this server is in no cluster (cluster_members is not set) and cannot ask the one that runs the"
                            + " jobs; stop that one, and this one takes over");
        }
        return cluster.active()
                .map(active -> peers.askToHandOver(active, self).compose(_ -> untilHere(active)))
                .orElseGet(() -> refused("nobody answers who runs the jobs: " + cluster.whyInactive()));
    }

    private static Future<String> refused(String why) {
        return Future.failedFuture(new ServerException(409, why));
    }

    private Future<String> untilHere(Seen before) {
        coordinator.ifPresent(CoordinatorRole::tryNow);
        return untilHere(before, System.nanoTime() + PATIENCE.toNanos());
    }

    private Future<String> untilHere(Seen before, long untilNanos) {
        var term = coordinator.flatMap(CoordinatorRole::term);
        if (term.isPresent()) {
            return Future.succeededFuture("this server runs the jobs now, in epoch "
                    + term.get().epoch() + "; " + before.shown() + " has handed them over");
        }
        return System.nanoTime() - untilNanos < 0
                ? vertx.timer(PAUSE_MILLIS, TimeUnit.MILLISECONDS).compose(_ -> untilHere(before, untilNanos))
                : peers.look().compose(now -> notHere(before, now));
    }

    private static Future<String> notHere(Seen before, ClusterState now) {
        String who = now.active()
                .map(active -> active.shown() + " runs them")
                .orElseGet(() -> "nobody is known to run them: " + now.whyInactive());
        return Future.failedFuture(new ServerException(
                504,
                before.shown() + " has handed the jobs over, and this server does not have them after "
                        + PATIENCE.toSeconds() + " s; " + who));
    }
}
