package org.pushjobs.server.jobs;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.pushjobs.server.jobs.model.IdempotencyKey;
import org.pushjobs.server.jobs.model.JobTerms;
import org.pushjobs.server.jobs.model.NewJob;

/**
 * A job that someone entitled to it asks for.
 *
 * @param orgGuid the organisation
 * @param requestor name of the user or client
 * @param terms with at least one node
 * @param key the same request with the same key, sent again, is answered with the job that it has started before
 * @param orgName the organisation's name, for logs; servers of earlier versions do not say it
 */
public record JobRequest(
        String orgGuid, String requestor, JobTerms terms, Optional<IdempotencyKey> key, Optional<String> orgName) {
    public JobRequest {
        Objects.requireNonNull(orgGuid, "orgGuid");
        Objects.requireNonNull(requestor, "requestor");
        Objects.requireNonNull(terms, "terms");
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(orgName, "orgName");
        if (terms.nodes().isEmpty()) {
            throw new IllegalArgumentException("a job needs at least one node");
        }
    }

    /**
     * A job of its own for this request.
     *
     * @throws org.pushjobs.server.ServerException of status 422 when the database cannot hold it
     */
    NewJob newJob(Instant createdAt) {
        return new NewJob(JobId.next(orgGuid), orgGuid, requestor, terms, createdAt, key);
    }

    /** A request that starts a job of its own each time it is sent. */
    public JobRequest(String orgGuid, String requestor, JobTerms terms) {
        this(orgGuid, requestor, terms, Optional.empty(), Optional.empty());
    }
}
