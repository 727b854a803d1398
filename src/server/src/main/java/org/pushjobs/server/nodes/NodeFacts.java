package org.pushjobs.server.nodes;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.server.gateway.ContactLog;

/**
 * All that a gateway has in its memory about one node, known or not.
 *
 * @param session empty while it has none
 * @param contact the last that was heard of its agent
 * @param changedAt when its availability last changed
 * @param stoppedAt when its agent said that it stops, if that was its last word
 * @param rivals the agents that use its name at once
 * @param configRefusal newest request for its configuration that was refused
 * @param refusal newest refused connection from an address that the node's agent used
 */
record NodeFacts(
        NodeRef node,
        Optional<Session> session,
        Optional<AgentContact> contact,
        Optional<Instant> changedAt,
        Optional<Instant> stoppedAt,
        Optional<Rivals> rivals,
        Optional<ContactLog.Fetch> fetch,
        Optional<ContactLog.ConfigRefusal> configRefusal,
        Optional<ContactLog.Rejection> rejection,
        Optional<ContactLog.Refusal> refusal) {

    /**
     * @param disconnected whether its connection ended and was not replaced
     * @param jobId the live job that it takes part in or last said it is at work on
     */
    record Session(boolean available, boolean disconnected, Optional<String> jobId) {
        Session {
            Objects.requireNonNull(jobId, "jobId");
        }
    }

    /** @param agents host names and addresses */
    record Rivals(Instant since, List<String> agents) {
        Rivals {
            Objects.requireNonNull(since, "since");
            agents = List.copyOf(agents);
        }
    }

    NodeFacts {
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(session, "session");
        Objects.requireNonNull(contact, "contact");
        Objects.requireNonNull(changedAt, "changedAt");
        Objects.requireNonNull(stoppedAt, "stoppedAt");
        Objects.requireNonNull(rivals, "rivals");
        Objects.requireNonNull(fetch, "fetch");
        Objects.requireNonNull(configRefusal, "configRefusal");
        Objects.requireNonNull(rejection, "rejection");
        Objects.requireNonNull(refusal, "refusal");
    }

    /** Of a node that nobody has heard of. */
    static NodeFacts unknown(NodeRef node) {
        return new NodeFacts(
                node,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** What two gateways know of one node: what was heard last counts. */
    NodeFacts together(NodeFacts other) {
        NodeFacts last =
                Comparator.comparing((NodeFacts facts) -> facts.session().isPresent())
                                        .thenComparing(NodeFacts::heardAt)
                                        .compare(this, other)
                                >= 0
                        ? this
                        : other;
        NodeFacts before = last == this ? other : this;
        return new NodeFacts(
                node,
                last.session(),
                last.contact().or(before::contact),
                last.changedAt().or(before::changedAt),
                last.stoppedAt(),
                last.rivals().or(before::rivals),
                newest(NodeFacts::fetch, ContactLog.Fetch::at, other),
                newest(NodeFacts::configRefusal, ContactLog.ConfigRefusal::at, other),
                newest(NodeFacts::rejection, ContactLog.Rejection::at, other),
                newest(NodeFacts::refusal, ContactLog.Refusal::at, other));
    }

    private Instant heardAt() {
        return contact.map(AgentContact::lastSeen).orElse(Instant.MIN);
    }

    private <T> Optional<T> newest(Function<NodeFacts, Optional<T>> what, Function<T, Instant> when, NodeFacts other) {
        return Stream.of(this, other)
                .flatMap(facts -> what.apply(facts).stream())
                .max(Comparator.comparing(when));
    }
}
