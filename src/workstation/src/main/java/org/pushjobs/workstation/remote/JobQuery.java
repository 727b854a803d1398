package org.pushjobs.workstation.remote;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
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
 * @param limit at most so many, the newest; more than 0
 */
public record JobQuery(Optional<String> status, Optional<String> node, OptionalInt limit) {
    public JobQuery {
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(limit, "limit");
    }

    /** Whether all jobs are wanted. */
    boolean isUnrestricted() {
        return status.isEmpty() && node.isEmpty() && limit.isEmpty();
    }

    /** @param pageSize how many jobs one answer may have */
    String parameters(int pageSize) {
        List<String> parameters = new ArrayList<>();
        status.ifPresent(name -> parameters.add("status=" + encoded(name)));
        node.ifPresent(name -> parameters.add("node=" + encoded(name)));
        parameters.add("limit=" + pageSize);
        return String.join("&", parameters);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
