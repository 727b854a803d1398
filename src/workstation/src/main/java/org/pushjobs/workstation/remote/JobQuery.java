package org.pushjobs.workstation.remote;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Which jobs to list.
 *
 * @param status only jobs in this state
 * @param node only jobs that this node takes part in
 * @param command only jobs of exactly this command
 * @param requestor only jobs that this user or client asked for
 * @param since only jobs that were created at this time or later
 * @param limit at most so many, the newest; more than 0
 */
public record JobQuery(
        Optional<String> status,
        Optional<String> node,
        Optional<String> command,
        Optional<String> requestor,
        Optional<Instant> since,
        OptionalInt limit) {
    public JobQuery {
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(command, "command");
        Objects.requireNonNull(requestor, "requestor");
        Objects.requireNonNull(since, "since");
        Objects.requireNonNull(limit, "limit");
    }

    /** The newest jobs of whoever. */
    public static JobQuery newest(int limit) {
        return new JobQuery(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalInt.of(limit));
    }

    /** The newest job that somebody asked for. */
    public static JobQuery newestOf(String requestor) {
        return new JobQuery(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(requestor),
                Optional.empty(),
                OptionalInt.of(1));
    }

    /** Whether jobs of all kinds are wanted, however many. */
    public boolean hasNoCondition() {
        return status.isEmpty() && node.isEmpty() && command.isEmpty() && requestor.isEmpty() && since.isEmpty();
    }

    /** Whether all jobs are wanted. */
    boolean isUnrestricted() {
        return hasNoCondition() && limit.isEmpty();
    }

    /** @param pageSize how many jobs one answer may have */
    String parameters(int pageSize) {
        List<String> parameters = new ArrayList<>();
        status.ifPresent(name -> parameters.add("status=" + encoded(name)));
        node.ifPresent(name -> parameters.add("node=" + encoded(name)));
        command.ifPresent(text -> parameters.add("command=" + encoded(text)));
        requestor.ifPresent(name -> parameters.add("requested_by=" + encoded(name)));
        since.ifPresent(at -> parameters.add("since=" + encoded(at.toString())));
        parameters.add("limit=" + pageSize);
        parameters.add("detail=true");
        return String.join("&", parameters);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
