package org.pushjobs.server.control;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.pushjobs.server.jobs.TermAge;
import org.pushjobs.server.management.Readiness;

/**
 * What a server says of itself when another one, or somebody on its machine, asks it.
 *
 * @param coordinator how it stands with running jobs; empty when it does not have this role
 * @param term of its own, if it has one
 * @param gateway whether agents are served; empty when it does not have this role
 * @param connections of agents
 * @param nodes that have a session there and are connected; empty from a version that does not tell
 * @param databaseHost that it uses, if it has one
 * @param databaseProblem why it cannot use the database
 * @param drain whether it is being drained, and how far that is
 * @param gatewayPlace where agents are led to its gateway alone, host and port for commands; empty without {@code spread}
 */
record MemberState(
        Optional<Readiness> coordinator,
        Optional<TermAge> term,
        Optional<Readiness> gateway,
        int connections,
        Optional<String> databaseHost,
        Optional<String> databaseProblem,
        Optional<Drain> drain,
        Optional<String> gatewayPlace,
        OptionalInt nodes) {
    private static final String BEING_DRAINED = "it is being drained";

    MemberState {
        Objects.requireNonNull(coordinator, "coordinator");
        Objects.requireNonNull(term, "term");
        Objects.requireNonNull(gateway, "gateway");
        Objects.requireNonNull(databaseHost, "databaseHost");
        Objects.requireNonNull(databaseProblem, "databaseProblem");
        Objects.requireNonNull(drain, "drain");
        Objects.requireNonNull(gatewayPlace, "gatewayPlace");
        Objects.requireNonNull(nodes, "nodes");
    }

    /**
     * How far a drain is.
     *
     * @param left agents that have yet to go: where agents are spread all that are there, elsewhere those whose connections were
     *     there when it began, and still are
     */
    record Drain(Duration age, int left) {
        Drain {
            Objects.requireNonNull(age, "age");
        }
    }

    /** Why agents could not go there now; empty when they could. */
    Optional<String> whyNoGateway() {
        return drain.map(_ -> BEING_DRAINED)
                .or(() -> gateway.isEmpty() ? Optional.of("it serves no agents, by its roles") : Optional.empty())
                .or(() -> gateway.flatMap(Readiness::problem));
    }

    /** Why it could not take over now if the server that runs the jobs were gone; empty when it could. */
    Optional<String> whyUnfit() {
        if (drain.isPresent()) {
            return Optional.of(BEING_DRAINED);
        }
        if (coordinator.isEmpty()) {
            return Optional.of("it runs no jobs, by its roles");
        }
        return databaseProblem
                .map(problem -> "it cannot use the database: " + problem)
                .or(() -> coordinator.flatMap(Readiness::problem))
                .or(() -> gateway.flatMap(Readiness::problem).map(problem -> "it does not serve agents: " + problem));
    }
}
