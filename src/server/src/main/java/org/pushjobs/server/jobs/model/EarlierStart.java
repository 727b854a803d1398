package org.pushjobs.server.jobs.model;

import java.util.Objects;

/**
 * The job that a request with an idempotency key has started.
 *
 * @param requestDigest of that request, see {@link IdempotencyKey}
 */
public record EarlierStart(String jobId, String requestDigest) {
    public EarlierStart {
        Objects.requireNonNull(jobId, "jobId");
        Objects.requireNonNull(requestDigest, "requestDigest");
    }
}
