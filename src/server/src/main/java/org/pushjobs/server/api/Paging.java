package org.pushjobs.server.api;

import io.vertx.core.MultiMap;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.jobs.model.JobQuery;
import org.pushjobs.server.jobs.model.JobStatus;
import org.pushjobs.server.jobs.model.JobSummary;

/**
 * The parameters of {@code GET jobs}: {@code limit} (1 to {@value #MAX_LIMIT}), {@code before} (a time, or a position taken
 * from the link to the next page), {@code since} (a time), {@code status}, {@code node}, {@code command}, {@code requested_by}.
 * A request without any of them gets all jobs, oldest first, as from the original server.
 */
final class Paging {
    private static final int DEFAULT_LIMIT = 50;
    private static final int MAX_LIMIT = 1000;
    private static final List<String> PARAMETERS =
            List.of("limit", "before", "since", "status", "node", "command", "requested_by");
    /** Years that the database can hold and people mean. */
    private static final Instant EARLIEST = Instant.parse("1970-01-01T00:00:00Z");

    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999Z");

    private Paging() {}

    /**
     * Empty when the request does not ask for a page.
     *
     * @throws ServerException of status 400 when a parameter is wrong
     */
    static Optional<JobQuery> query(MultiMap parameters) {
        if (PARAMETERS.stream().noneMatch(parameters::contains)) {
            return Optional.empty();
        }
        QueryParameters given = new QueryParameters(parameters);
        return Optional.of(new JobQuery(
                given.text("limit").map(Paging::limit).orElse(DEFAULT_LIMIT),
                given.text("before").map(Paging::position),
                given.text("status").map(Paging::status),
                given.text("node").map(Paging::node),
                given.text("command"),
                given.text("since").map(Paging::since),
                given.text("requested_by")));
    }

    /** The URI query of the page that begins after the job. */
    static String next(JobQuery query, JobSummary last) {
        StringBuilder next =
                new StringBuilder("limit=" + query.limit() + "&before=" + encoded(last.createdAt() + "_" + last.id()));
        query.status().ifPresent(status -> next.append("&status=").append(status.label()));
        query.node().ifPresent(node -> next.append("&node=").append(encoded(node)));
        query.command().ifPresent(command -> next.append("&command=").append(encoded(command)));
        query.since().ifPresent(since -> next.append("&since=").append(encoded(since.toString())));
        query.requestor().ifPresent(name -> next.append("&requested_by=").append(encoded(name)));
        return next.toString();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static int limit(String text) {
        if (text.matches("[0-9]{1,4}")) {
            int limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= MAX_LIMIT) {
                return limit;
            }
        }
        throw QueryParameters.invalid("limit", text, "must be a whole number from 1 to " + MAX_LIMIT);
    }

    private static JobQuery.Position position(String text) {
        String[] parts = text.split("_", 2);
        String id = parts.length == 2 ? parts[1] : "";
        return time(parts[0])
                .filter(_ -> parts.length == 1 || Names.isJobId(id))
                .map(createdAt -> new JobQuery.Position(createdAt, id))
                .orElseThrow(() -> QueryParameters.invalid(
                        "before",
                        text,
                        "must be a time like 2026-11-22T10:00:00Z, or be taken from the link to the next page"));
    }

    private static Instant since(String text) {
        return time(text)
                .orElseThrow(() -> QueryParameters.invalid("since", text, "must be a time like 2026-11-22T10:00:00Z"));
    }

    /** Empty when it is no time that the database can hold. */
    private static Optional<Instant> time(String text) {
        try {
            return Optional.of(Instant.parse(text)).filter(at -> !at.isBefore(EARLIEST) && !at.isAfter(LATEST));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static JobStatus status(String text) {
        return Arrays.stream(JobStatus.values())
                .filter(status -> status.label().equals(text))
                .findFirst()
                .orElseThrow(() -> QueryParameters.invalid(
                        "status",
                        text,
                        "must be one of "
                                + Arrays.stream(JobStatus.values())
                                        .map(JobStatus::label)
                                        .collect(Collectors.joining(", "))));
    }

    private static String node(String text) {
        if (text.isEmpty() || !Names.isNodeName(text)) {
            throw QueryParameters.invalid(
                    "node", text, "must be a node name, 1 to " + Names.MAX_NODE_NAME_LENGTH + " characters");
        }
        return text;
    }
}
