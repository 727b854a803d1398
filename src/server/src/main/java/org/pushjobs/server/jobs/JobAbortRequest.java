package org.pushjobs.server.jobs;

import java.util.Objects;

/**
 * Somebody wants a job to end.
 *
 * @param orgGuid the organisation
 * @param requestor name of the user or client
 */
public record JobAbortRequest(String orgGuid, String jobId, String requestor) {
    public JobAbortRequest {
        Objects.requireNonNull(orgGuid, "orgGuid");
        Objects.requireNonNull(jobId, "jobId");
        Objects.requireNonNull(requestor, "requestor");
    }
}
