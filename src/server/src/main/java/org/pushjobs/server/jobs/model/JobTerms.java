package org.pushjobs.server.jobs.model;

import java.util.List;
import java.util.Objects;
import org.pushjobs.protocol.message.JobSpec;

/**
 * What a job was asked to be (rest-api.md, "POST jobs"); it stays so from the request to the last look at the stored job.
 *
 * @param nodes names, each once
 * @param quorum how many nodes must be ready; may exceed the number of nodes
 * @param runTimeoutSeconds how long the nodes may run
 */
public record JobTerms(JobSpec spec, List<String> nodes, int quorum, int runTimeoutSeconds) {
    public JobTerms {
        Objects.requireNonNull(spec, "spec");
        nodes = List.copyOf(nodes);
    }
}
