package org.pushjobs.server.nodes;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.server.gateway.ContactLog;

/**
 * All that the memory of this server has about one node, known or not.
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
}
