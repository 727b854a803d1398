package org.pushjobs.server.nodes;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.server.gateway.ContactLog;

/**
 * All that there is to say about one node, whether it is known or not.
 *
 * @param online whether it has a session
 * @param available whether it can take part in a job
 * @param updatedAt when its availability last changed; empty when that was before this server started
 * @param unavailable why it is not available; empty when it is
 * @param configFetchedAt when its configuration was last handed out
 * @param contact the last that was heard of its agent since this server started
 * @param lastRejection its newest message that was dropped
 * @param jobId the live job that it takes part in, or that its agent says it is at work on
 */
public record NodeDetail(
        NodeRef node,
        boolean online,
        boolean available,
        Optional<Instant> updatedAt,
        Optional<UnavailableReason> unavailable,
        Optional<Instant> configFetchedAt,
        Optional<AgentContact> contact,
        Optional<ContactLog.Rejection> lastRejection,
        Optional<String> jobId) {
    public NodeDetail {
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(updatedAt, "updatedAt");
        Objects.requireNonNull(unavailable, "unavailable");
        Objects.requireNonNull(configFetchedAt, "configFetchedAt");
        Objects.requireNonNull(contact, "contact");
        Objects.requireNonNull(lastRejection, "lastRejection");
        Objects.requireNonNull(jobId, "jobId");
    }

    /** @param storedFetch when the configuration was last handed out, as the database has it */
    static NodeDetail of(NodeFacts facts, Optional<Instant> storedFetch) {
        Optional<Instant> remembered = facts.fetch().map(ContactLog.Fetch::at);
        Optional<Instant> fetchedAt = storedFetch
                .filter(stored -> remembered.isEmpty() || stored.isAfter(remembered.get()))
                .or(() -> remembered);
        return new NodeDetail(
                facts.node(),
                facts.session().isPresent(),
                facts.session().filter(NodeFacts.Session::available).isPresent(),
                facts.changedAt(),
                UnavailableReason.of(facts, fetchedAt),
                fetchedAt,
                facts.contact(),
                facts.rejection(),
                facts.session().flatMap(NodeFacts.Session::jobId));
    }
}
