package org.pushjobs.workstation.remote;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a server can tell of a job besides the job itself; the original one cannot.
 *
 * @param requestor who asked for it
 * @param quorum how many nodes had to be ready
 * @param nodes by name
 */
public record JobDetail(Optional<String> requestor, Optional<Integer> quorum, List<NodePart> nodes) {
    public JobDetail {
        Objects.requireNonNull(requestor, "requestor");
        Objects.requireNonNull(quorum, "quorum");
        nodes = List.copyOf(nodes);
    }

    /** Empty where it is lacking. */
    public static JobDetail of(JobDocument job) {
        JsonNode detail = job.source().path("detail");
        JsonNode quorum = detail.path("quorum");
        return new JobDetail(
                Optional.of(detail.path("requested_by").asText()).filter(name -> !name.isEmpty()),
                quorum.isInt() ? Optional.of(quorum.intValue()) : Optional.empty(),
                detail.path("nodes").properties().stream()
                        .map(part -> NodePart.of(part.getKey(), part.getValue()))
                        .sorted(Comparator.comparing(NodePart::node))
                        .toList());
    }
}
