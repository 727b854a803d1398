package org.pushjobs.server.nodes;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.server.gateway.ContactLog;
import org.pushjobs.server.store.LastConfig;
import org.pushjobs.server.store.ToldConfig;

/**
 * All that there is to say about one node, whether it is known or not.
 *
 * @param online whether it has a session
 * @param available whether it can take part in a job
 * @param updatedAt when its availability last changed; empty when that was before this server started
 * @param unavailable why it is not available; empty when it is
 * @param configFetchedAt when its configuration was last handed out
 * @param told what its newest configuration said, where that does not hold any more
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
        Optional<ToldConfig> told,
        Optional<AgentContact> contact,
        Optional<ContactLog.Rejection> lastRejection,
        Optional<String> jobId) {
    public NodeDetail {
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(updatedAt, "updatedAt");
        Objects.requireNonNull(unavailable, "unavailable");
        Objects.requireNonNull(configFetchedAt, "configFetchedAt");
        Objects.requireNonNull(told, "told");
        Objects.requireNonNull(contact, "contact");
        Objects.requireNonNull(lastRejection, "lastRejection");
        Objects.requireNonNull(jobId, "jobId");
    }

    /** The same node with another reason. */
    public NodeDetail because(UnavailableReason reason) {
        return new NodeDetail(
                node,
                online,
                available,
                updatedAt,
                Optional.of(reason),
                configFetchedAt,
                told,
                contact,
                lastRejection,
                jobId);
    }

    /**
     * @param stored the newest configuration that was handed out, as the database has it
     * @param current what the agent would be told now
     */
    static NodeDetail of(NodeFacts facts, Optional<LastConfig> stored, Optional<ToldConfig> current) {
        Optional<Instant> remembered = facts.fetch().map(ContactLog.Fetch::at);
        Optional<Instant> fetchedAt = stored.map(LastConfig::at)
                .filter(at -> remembered.isEmpty() || at.isAfter(remembered.get()))
                .or(() -> remembered);
        Optional<ToldConfig> told = stored.flatMap(LastConfig::told).filter(said -> !said.equals(current.orElse(said)));
        return new NodeDetail(
                facts.node(),
                facts.session().isPresent(),
                facts.session().filter(NodeFacts.Session::available).isPresent(),
                facts.changedAt(),
                UnavailableReason.of(facts, fetchedAt)
                        .map(reason -> UnavailableReason.unlessToldOtherAddress(reason, told, current, fetchedAt)),
                fetchedAt,
                told,
                facts.contact(),
                facts.rejection(),
                facts.session().flatMap(NodeFacts.Session::jobId));
    }
}
