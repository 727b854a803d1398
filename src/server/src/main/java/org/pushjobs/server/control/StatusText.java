package org.pushjobs.server.control;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@link StatusDocument} for people. */
final class StatusText {
    private static final int LABEL = 10;

    private StatusText() {}

    static List<String> of(JsonObject document) {
        List<String> lines = new ArrayList<>();
        lines.add(line("jobs", jobs(document)));
        lines.add(line("lease", lease(document)));
        objects(document.getJsonArray("servers", new JsonArray())).forEach(server -> {
            lines.add(line("server", server(server)));
            details(server).forEach(detail -> lines.add(line("", detail)));
        });
        add(lines, "if this server died", document.getString("if_this_died"));
        if (!document.getString("if_active_died", "").equals(document.getString("if_this_died"))) {
            add(lines, "if the one that runs the jobs died", document.getString("if_active_died"));
        }
        lines.addAll(attention(document));
        return lines;
    }

    /** What somebody should look at; or that there is nothing. */
    static List<String> attention(JsonObject document) {
        List<String> found = document.getJsonArray("attention", new JsonArray()).stream()
                .map(text -> "ATTENTION: " + text)
                .toList();
        return found.isEmpty() ? List.of("all is well") : found;
    }

    private static void add(List<String> lines, String what, String text) {
        Optional.ofNullable(text).ifPresent(found -> lines.add(what + ": " + found));
    }

    private static String line(String label, String text) {
        return label + " ".repeat(LABEL - label.length()) + text;
    }

    private static String jobs(JsonObject document) {
        return Optional.ofNullable(document.getJsonObject("active"))
                .map(active -> "are run by " + active.getString("server") + " since " + active.getString("since") + " ("
                        + active.getLong("age_seconds") + " s), in epoch " + active.getLong("epoch"))
                .or(() -> Optional.ofNullable(document.getJsonObject("lease"))
                        .filter(lease -> lease.getDouble("left_seconds") > 0)
                        .map(lease -> "are run by " + lease.getString("holder") + ", by its lease"))
                .orElse("nobody is known to run them");
    }

    private static String lease(JsonObject document) {
        JsonObject lease = document.getJsonObject("lease");
        if (lease == null) {
            return "the database does not tell";
        }
        return Optional.ofNullable(lease.getString("holder"))
                .map(holder -> "of " + holder + ", epoch " + lease.getLong("epoch") + ", "
                        + lease.getDouble("left_seconds") + " s left" + renewed(document))
                .orElse("nobody has it; the last epoch was " + lease.getLong("epoch"));
    }

    private static String renewed(JsonObject document) {
        return Optional.ofNullable(document.getJsonObject("active"))
                .map(active -> ", renewed " + active.getDouble("lease_renewed_seconds_ago") + " s ago")
                .orElse("");
    }

    private static String server(JsonObject server) {
        return server.getString("name") + " (" + server.getString("address") + ")"
                + (server.getBoolean("this") ? ", this one" : "") + ", version " + server.getString("version") + ", "
                + server.getJsonArray("roles").stream().map(String::valueOf).collect(Collectors.joining(" "));
    }

    private static List<String> details(JsonObject server) {
        return Stream.of(
                        Optional.of("does not answer").filter(_ -> !server.getBoolean("answers")),
                        text(server, "coordinator", "coordinator: "),
                        text(server, "gateway", "gateway: ")
                                .map(gateway -> gateway + nodes(server) + ", " + server.getInteger("connections")
                                        + " connections of agents"
                                        + text(server, "gateway_place", ", led to ")
                                                .orElse("")),
                        text(server, "database", "database: "),
                        text(server, "database_problem", "database: "),
                        drain(server))
                .flatMap(Optional::stream)
                .toList();
    }

    /** A server of an older version does not tell. */
    private static String nodes(JsonObject server) {
        return Optional.ofNullable(server.getInteger("nodes"))
                .map(nodes -> ", " + nodes + " nodes")
                .orElse("");
    }

    /** How far a drain of this server is. */
    static Optional<String> drain(JsonObject server) {
        return Optional.ofNullable(server.getJsonObject("drain"))
                .map(drain -> "is being drained for " + drain.getLong("age_seconds")
                        + " s, agents that have yet to go: " + drain.getInteger(StatusDocument.LEFT));
    }

    private static Optional<String> text(JsonObject server, String name, String label) {
        return Optional.ofNullable(server.getString(name)).map(text -> label + text);
    }

    static Stream<JsonObject> objects(JsonArray array) {
        return array.stream().map(JsonObject.class::cast);
    }
}
