package org.pushjobs.server.control;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.pushjobs.config.ServerRole;
import org.pushjobs.server.jobs.TermAge;
import org.pushjobs.server.jobs.lease.LeaseHolder;
import org.pushjobs.server.management.Readiness;
import org.pushjobs.server.store.Lease;

/** {@code ha-status --json} (docs/ctl.md, "Who runs the jobs"). */
final class StatusDocument {
    /** In what is said of a drain: the number of agents that have yet to go. */
    static final String LEFT = "connections_left";

    private StatusDocument() {}

    /** @param now for people; ages are measured by other clocks */
    static JsonObject of(ClusterState cluster, Instant now) {
        List<String> attention = cluster.attention();
        Seen self = cluster.self();
        JsonObject document = new JsonObject()
                .put("good", attention.isEmpty())
                .put("attention", new JsonArray(attention))
                .put("server", self.shown());
        cluster.active().ifPresent(active -> document.put("active", active(active, now)));
        cluster.lease().ifPresent(lease -> document.put("lease", lease(lease)));
        document.put("servers_expected", cluster.expected());
        JsonArray servers = new JsonArray();
        cluster.servers().stream().map(StatusDocument::server).forEach(servers::add);
        document.put("conflicts", new JsonArray(Conflicts.among(cluster.servers())))
                .put("servers", servers)
                .put("if_this_died", cluster.ifItDied(self));
        cluster.active().ifPresent(active -> document.put("if_active_died", cluster.ifItDied(active)));
        return document;
    }

    static JsonObject lease(Lease lease) {
        JsonObject document = new JsonObject().put("epoch", lease.epoch()).put("left_seconds", seconds(lease.left()));
        lease.holder().ifPresent(holder -> document.put("holder", LeaseHolder.shown(holder)));
        return document;
    }

    private static JsonObject active(Seen active, Instant now) {
        TermAge term = active.state().flatMap(MemberState::term).orElseThrow();
        return new JsonObject()
                .put("server", active.shown())
                .put("epoch", term.epoch())
                .put("since", now.minus(term.age()).toString())
                .put("age_seconds", seconds(term.age()))
                .put("lease_renewed_seconds_ago", seconds(term.renewed()))
                .put("lease_left_seconds", seconds(term.left()));
    }

    private static JsonObject server(Seen seen) {
        JsonObject document = new JsonObject()
                .put("name", seen.info().name())
                .put("address", seen.address())
                .put("version", seen.info().version())
                .put(
                        "roles",
                        new JsonArray(seen.info().roles().stream()
                                .sorted()
                                .map(StatusDocument::label)
                                .toList()))
                .put("this", seen.isSelf())
                .put("answers", seen.state().isPresent());
        seen.state().ifPresent(state -> describe(document, state));
        seen.whyUnfit().filter(_ -> seen.epoch() == 0).ifPresent(why -> document.put("cannot_take_over", why));
        return document;
    }

    private static String label(ServerRole role) {
        return role.name().toLowerCase(Locale.ROOT);
    }

    private static void describe(JsonObject document, MemberState state) {
        state.coordinator().ifPresent(part -> document.put("coordinator", part(part)));
        state.gateway().ifPresent(part -> {
            document.put("gateway", part(part));
            state.nodes().ifPresent(nodes -> document.put("nodes", nodes));
            document.put("connections", state.connections());
        });
        state.gatewayPlace().ifPresent(place -> document.put("gateway_place", place));
        state.databaseHost().ifPresent(host -> document.put("database", host));
        state.databaseProblem().ifPresent(problem -> document.put("database_problem", problem));
        state.drain()
                .ifPresent(drain -> document.put(
                        "drain",
                        new JsonObject()
                                .put("age_seconds", seconds(drain.age()))
                                .put(LEFT, drain.left())));
    }

    private static String part(Readiness part) {
        return part.status() + part.problem().map(problem -> ": " + problem).orElse("");
    }

    static double seconds(Duration time) {
        return time.toMillis() / 1e3;
    }
}
