package org.pushjobs.server.control;

import io.vertx.core.Future;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.pushjobs.server.management.Readiness;
import org.pushjobs.server.management.RoleCheck;
import org.pushjobs.server.roles.CoordinatorRole;
import org.pushjobs.server.roles.GatewayRole;
import org.pushjobs.server.roles.Role;
import org.pushjobs.server.store.Database;

/**
 * The parts of this process that are asked, and told to do something.
 *
 * @param coordinator empty when the process does not have this role
 * @param gateway empty when the process does not have this role
 */
record ThisServer(
        Database database, Optional<CoordinatorRole> coordinator, Optional<GatewayRole> gateway, Draining draining) {
    private static final long ANSWER_MILLIS = 1_000;

    ThisServer {
        Objects.requireNonNull(database, "database");
        Objects.requireNonNull(coordinator, "coordinator");
        Objects.requireNonNull(gateway, "gateway");
        Objects.requireNonNull(draining, "draining");
    }

    /** Never fails, and is there within a second. */
    Future<MemberState> state() {
        Future<Optional<Readiness>> jobs = readiness(coordinator);
        Future<Optional<Readiness>> agents = readiness(gateway);
        return Future.all(jobs, agents)
                .map(_ -> new MemberState(
                        jobs.result(),
                        coordinator.flatMap(CoordinatorRole::term),
                        agents.result(),
                        gateway.map(GatewayRole::connectionCount).orElse(0),
                        database.usedHost(),
                        database.problem(),
                        draining.progress(),
                        gateway.flatMap(GatewayRole::ownPlace),
                        gateway.map(role -> OptionalInt.of(role.nodeCount())).orElse(OptionalInt.empty())));
    }

    private static Future<Optional<Readiness>> readiness(Optional<? extends Role> role) {
        return role.map(Role::readiness)
                .map(RoleCheck::readiness)
                .map(check -> check.get()
                        .timeout(ANSWER_MILLIS, TimeUnit.MILLISECONDS)
                        .otherwise(failure -> Readiness.of(Optional.of("it hangs: " + failure.getMessage())))
                        .map(Optional::of))
                .orElse(Future.succeededFuture(Optional.empty()));
    }
}
