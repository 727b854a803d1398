package org.pushjobs.server.control;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.pushjobs.config.ServerRole;
import org.pushjobs.server.jobs.lease.LeaseHolder;
import org.pushjobs.server.store.Lease;

/**
 * Who there is, who runs the jobs, and what follows from that.
 *
 * @param lease by the database; empty when it does not tell
 * @param servers the one that looks among them; alone when there is no cluster
 * @param expected how many there should be
 */
record ClusterState(Optional<Lease> lease, List<Seen> servers, int expected) {
    ClusterState {
        Objects.requireNonNull(lease, "lease");
        servers = List.copyOf(servers);
    }

    /** The one that looks. */
    Seen self() {
        return servers.stream().filter(Seen::isSelf).findFirst().orElseThrow();
    }

    /** Who says that it runs the jobs; of two the one with the newer term, for the other one does not know yet. */
    Optional<Seen> active() {
        return servers.stream().filter(seen -> seen.epoch() > 0).max(Comparator.comparingLong(Seen::epoch));
    }

    /** Those that could take over from this one, the oldest member first. */
    List<Seen> successorsOf(Seen one) {
        return othersThan(one).filter(seen -> seen.whyUnfit().isEmpty()).toList();
    }

    private Stream<Seen> othersThan(Seen one) {
        return servers.stream().filter(seen -> !seen.nodeId().equals(one.nodeId()));
    }

    /** Why nobody could take over from this one, when that is so. */
    String whyNobody(Seen one) {
        return whyNobody(one, Seen::whyUnfit);
    }

    private String whyNobody(Seen one, Function<Seen, Optional<String>> whyNot) {
        Stream<String> unfit =
                othersThan(one).flatMap(seen -> whyNot.apply(seen).stream().map(why -> seen.shown() + ": " + why));
        Stream<String> missing = Stream.of(servers.size() + " of " + expected + " servers are there")
                .filter(_ -> isIncomplete());
        Stream<String> alone = Stream.of("there is no other server (cluster_members is not set)")
                .filter(_ -> expected == 1);
        return Stream.of(unfit, missing, alone).flatMap(texts -> texts).collect(Collectors.joining("; "));
    }

    /** Why the one that looks cannot be done without; empty when others do what it does, or it does nothing. */
    Optional<String> whyNotWithoutSelf() {
        return whyNoJobsWithoutSelf().or(this::whyNoAgentsWithoutSelf);
    }

    private Optional<String> whyNoJobsWithoutSelf() {
        boolean isOrMayBeNeeded =
                active().map(Seen::isSelf).orElse(self().info().roles().contains(ServerRole.COORDINATOR));
        return Optional.of((active().isPresent() ? "this server runs the jobs" : "nobody is known to run the jobs")
                        + " and nobody could take over: " + whyNobody(self()))
                .filter(_ -> isOrMayBeNeeded && successorsOf(self()).isEmpty());
    }

    private Optional<String> whyNoAgentsWithoutSelf() {
        return Optional.of("this server serves agents and no other one could: " + whyNobody(self(), Seen::whyNoGateway))
                .filter(_ -> self().info().gateway().isPresent()
                        && othersThan(self())
                                .allMatch(seen -> seen.whyNoGateway().isPresent()));
    }

    private boolean isIncomplete() {
        return servers.size() < expected;
    }

    /** What would become of the jobs if this server died now. */
    String ifItDied(Seen one) {
        Optional<Seen> active = active();
        if (active.filter(other -> !other.nodeId().equals(one.nodeId())).isPresent()) {
            return active.get().shown() + " would go on running the jobs";
        }
        return successorsOf(one).stream()
                .findFirst()
                .map(next -> next.shown() + " would take over; it is ready")
                .orElseGet(() -> "nobody could take over: " + whyNobody(one));
    }

    /** Who has the lease, for people. */
    Optional<String> holder() {
        return lease.flatMap(Lease::holder).map(LeaseHolder::shown);
    }

    /** Why nobody is known to run the jobs, when that is so, and what to do. */
    String whyInactive() {
        return lease.map(found -> found.holder()
                        .filter(_ -> !found.left().isZero())
                        .map(name -> LeaseHolder.shown(name) + " has the lease for "
                                + found.left().toMillis()
                                + " ms more and does not answer here: it is starting, hangs, or cannot be reached over"
                                + " cluster_port and cluster_bus_port. If it hangs, kill it: another server takes over"
                                + " when the lease has run out")
                        .orElse("nobody has the lease; a server that can takes it within a second, the log of each says"
                                + " why it does not"))
                .orElse("the database does not tell who has the lease");
    }

    /** What an operator should look at; empty when all is well. */
    List<String> attention() {
        List<String> found = new ArrayList<>();
        if (active().isEmpty()) {
            found.add("nobody runs the jobs: " + whyInactive());
        }
        if (lease.isEmpty()) {
            found.add("the lease cannot be read");
        }
        if (isIncomplete()) {
            found.add(servers.size() + " of " + expected + " servers are there; look whether the others run, reach"
                    + " cluster_port and cluster_bus_port of each other, and have the same secrets");
        }
        servers.forEach(seen -> concerns(seen).forEach(text -> found.add(seen.shown() + ": " + text)));
        found.addAll(Conflicts.among(servers));
        active().filter(one -> expected > 1 && successorsOf(one).isEmpty())
                .ifPresent(one -> found.add("nobody could take over from " + one.shown()));
        return found;
    }

    private static List<String> concerns(Seen seen) {
        if (seen.state().isEmpty()) {
            return List.of("it does not answer");
        }
        MemberState state = seen.state().get();
        return Stream.of(
                        state.drain().map(_ -> "it is being drained"),
                        state.databaseProblem().map(problem -> "it cannot use the database: " + problem),
                        state.coordinator().flatMap(part -> part.problem()),
                        state.gateway().flatMap(part -> part.problem()))
                .flatMap(Optional::stream)
                .distinct()
                .toList();
    }
}
