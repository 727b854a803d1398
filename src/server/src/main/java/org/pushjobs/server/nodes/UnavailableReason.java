package org.pushjobs.server.nodes;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.pushjobs.protocol.codec.RejectionReason;
import org.pushjobs.server.gateway.ContactLog;
import org.pushjobs.server.store.ToldConfig;

/** Why a node cannot take part in a job: the newest evidence there is. */
public sealed interface UnavailableReason {
    /** One word for programs; stays the same between versions. */
    String label();

    /** A sentence for people: what is wrong and what to do. */
    String message(Instant now);

    /** Since when, or when it last happened; empty when that has no time. */
    Optional<Instant> since();

    /** Something that was seen at a known time. */
    sealed interface Noted extends UnavailableReason {
        Instant at();

        @Override
        default Optional<Instant> since() {
            return Optional.of(at());
        }
    }

    /** No agent has ever asked for this node's configuration, or there is no such node. */
    record NeverFetchedConfig() implements UnavailableReason {
        @Override
        public String label() {
            return "never_fetched_config";
        }

        @Override
        public String message(Instant now) {
            return "no agent has fetched the configuration of a node of this name; is the name right, the agent running and"
                    + " its chef_server_url this server's?";
        }

        @Override
        public Optional<Instant> since() {
            return Optional.empty();
        }
    }

    /** No agent has ever asked for this node's configuration, and there is no client of its name that could. */
    record UnknownName() implements UnavailableReason {
        @Override
        public String label() {
            return "unknown_name";
        }

        @Override
        public String message(Instant now) {
            return "the name is unknown: the organisation has no client that is called so, and no agent has asked for the"
                    + " configuration of such a node; is the name right?";
        }

        @Override
        public Optional<Instant> since() {
            return Optional.empty();
        }
    }

    /** @param fetchedAt the agent was handed its configuration, and nothing came after it */
    record NeverConnected(Instant fetchedAt) implements UnavailableReason {
        @Override
        public String label() {
            return "never_connected";
        }

        @Override
        public String message(Instant now) {
            return "the agent fetched its configuration " + ago(fetchedAt, now)
                    + " and has not sent anything over the command port since; is a firewall between the node and the ports"
                    + " of the server, or has the agent been stopped?";
        }

        @Override
        public Optional<Instant> since() {
            return Optional.of(fetchedAt);
        }
    }

    /**
     * Somebody, most likely the node's agent, asked for its configuration and did not get it.
     *
     * @param address where the request came from
     * @param status of HTTP, 400 to 499
     * @param detail what the answer said
     */
    record ConfigRefused(Instant at, String address, int status, String detail) implements Noted {
        private static final int UNPROVEN = 401;

        @Override
        public String label() {
            return "config_refused";
        }

        @Override
        public String message(Instant now) {
            return "a request from " + address + " for the node's configuration was refused " + ago(at, now) + " ("
                    + status + ": " + detail + ")"
                    + (status == UNPROVEN
                            ? "; does the client exist, and is the key on the node its key?"
                            : "; do the agent's node name and client name match, and does the client belong to this"
                                    + " organisation?");
        }
    }

    /** @param address where the refused connection came from; the node's agent was there before */
    record KeyRefused(Instant at, String address, String detail) implements Noted {
        @Override
        public String label() {
            return "key_refused";
        }

        @Override
        public String message(Instant now) {
            return "a connection from the agent's address, " + address + ", was refused " + ago(at, now) + ": " + detail
                    + "; it heals when the agent fetches its configuration again, a restart of the agent does that at once";
        }
    }

    /** The agent's messages are not signed with the node's session key. */
    record BadSignature(Instant at) implements Noted {
        @Override
        public String label() {
            return "bad_signature";
        }

        @Override
        public String message(Instant now) {
            return "a message of the agent had a wrong signature " + ago(at, now)
                    + ": its session key is not this server's; restart the agent so that it fetches its configuration";
        }
    }

    /** @param behind how far the node's clock is behind the server's, negative when it is ahead */
    record ClockSkew(Instant at, Duration behind) implements Noted {
        @Override
        public String label() {
            return "clock_skew";
        }

        @Override
        public String message(Instant now) {
            return "the node's clock is " + behind.abs().toSeconds() + " s "
                    + (behind.isNegative() ? "ahead of" : "behind") + " the server's, seen " + ago(at, now)
                    + "; set the clocks right";
        }
    }

    /** The agent's messages break another rule. */
    record MessagesRejected(Instant at, RejectionReason reason, String detail) implements Noted {
        @Override
        public String label() {
            return "messages_rejected";
        }

        @Override
        public String message(Instant now) {
            return "a message of the agent was rejected " + ago(at, now) + " [reason: " + reason.label() + ", detail: "
                    + detail + "]";
        }
    }

    /** The agent is connected and gets aborts until it answers one. */
    record InRehab(Instant at) implements Noted {
        @Override
        public String label() {
            return "in_rehab";
        }

        @Override
        public String message(Instant now) {
            return "the agent was told " + ago(at, now)
                    + " to drop what it does and has not answered yet; it stays unavailable until it does";
        }
    }

    /** The agent's connection ended and it has not made another one. */
    record Disconnected(Instant at) implements Noted {
        @Override
        public String label() {
            return "disconnected";
        }

        @Override
        public String message(Instant now) {
            return "the agent's connection to the command port ended and it has not connected again, seen "
                    + ago(at, now) + "; is the agent running and the network between them working?";
        }
    }

    /** The agent said that it stops. */
    record AgentStopped(Instant at) implements Noted {
        @Override
        public String label() {
            return "agent_stopped";
        }

        @Override
        public String message(Instant now) {
            return "the agent was stopped " + ago(at, now) + ", as it said itself; start it again";
        }
    }

    /** @param agents host names and addresses */
    record DuplicateAgents(Instant at, List<String> agents) implements Noted {
        public DuplicateAgents {
            agents = List.copyOf(agents);
        }

        @Override
        public String label() {
            return "duplicate_agents";
        }

        @Override
        public String message(Instant now) {
            return "more than one agent uses the node's name since " + seconds(at, now) + " s: "
                    + String.join(" and ", agents) + "; stop all but one, or give each its own node name and key";
        }
    }

    /** @param lastHeartbeat after which the agent was not heard enough to count as alive */
    record WentSilent(Instant lastHeartbeat) implements UnavailableReason {
        @Override
        public String label() {
            return "went_silent";
        }

        @Override
        public String message(Instant now) {
            return "the last heartbeat of the agent came " + ago(lastHeartbeat, now)
                    + "; is the node up, the agent running and the network between them working?";
        }

        @Override
        public Optional<Instant> since() {
            return Optional.of(lastHeartbeat);
        }
    }

    /**
     * @param told what the configuration said that the agent fetched at that time
     * @param current what agents are told now
     */
    record ToldOtherAddress(Instant fetchedAt, ToldConfig told, ToldConfig current) implements UnavailableReason {
        @Override
        public String label() {
            return "told_other_address";
        }

        @Override
        public String message(Instant now) {
            return "the agent was told other addresses when it fetched its configuration " + ago(fetchedAt, now)
                    + " [heartbeats: " + told.heartbeatAddress() + ", commands: " + told.commandAddress()
                    + "] than this server has now [heartbeats: " + current.heartbeatAddress() + ", commands: "
                    + current.commandAddress()
                    + "]; it comes when it has fetched it again, which a restart of the agent does at once";
        }

        @Override
        public Optional<Instant> since() {
            return Optional.of(fetchedAt);
        }
    }

    /** Silence of an agent that looks for the server where it was before has its reason there. */
    static UnavailableReason unlessToldOtherAddress(
            UnavailableReason reason,
            Optional<ToldConfig> told,
            Optional<ToldConfig> current,
            Optional<Instant> fetchedAt) {
        boolean silent = reason instanceof WentSilent || reason instanceof NeverConnected;
        return silent && told.isPresent() && current.isPresent() && !told.get().sameAddresses(current.get())
                ? new ToldOtherAddress(fetchedAt.orElseThrow(), told.get(), current.get())
                : reason;
    }

    /**
     * @param fetchedAt when the node's configuration was last handed out
     * @return empty when the node is available
     */
    static Optional<UnavailableReason> of(NodeFacts facts, Optional<Instant> fetchedAt) {
        if (facts.session().isPresent()) {
            return facts.session().get().available() ? Optional.empty() : Optional.of(ofSession(facts));
        }
        if (facts.rivals().isPresent()) {
            NodeFacts.Rivals rivals = facts.rivals().get();
            return Optional.of(new DuplicateAgents(rivals.since(), rivals.agents()));
        }
        Optional<Instant> lastSeen = facts.contact().map(AgentContact::lastSeen);
        Optional<UnavailableReason> rejected =
                facts.rejection().filter(found -> isLater(found.at(), lastSeen)).map(UnavailableReason::of);
        // With the configuration the agent's key became a known one.
        Optional<UnavailableReason> refused = facts.refusal()
                .filter(found -> isLater(found.at(), lastSeen) && isLater(found.at(), fetchedAt))
                .map(found -> new KeyRefused(found.at(), found.address(), found.detail()));
        Optional<UnavailableReason> configRefused = facts.configRefusal()
                .filter(found -> isLater(found.at(), lastSeen) && isLater(found.at(), fetchedAt))
                .map(found -> new ConfigRefused(found.at(), found.address(), found.status(), found.detail()));
        return later(configRefused, later(rejected, refused))
                .or(() -> fetchedAt.filter(at -> isLater(at, lastSeen)).map(NeverConnected::new))
                .or(() -> facts.stoppedAt().map(AgentStopped::new))
                .or(() -> facts.contact().map(contact -> new WentSilent(contact.lastHeartbeat())))
                .or(() -> Optional.of(new NeverFetchedConfig()));
    }

    /** Signs of life keep a session, also when the time of all messages is wrong. */
    private static UnavailableReason ofSession(NodeFacts facts) {
        if (facts.session().orElseThrow().disconnected()) {
            return new Disconnected(facts.changedAt().orElseThrow());
        }
        return facts.rejection()
                .filter(found -> found.reason() == RejectionReason.CLOCK_SKEW
                        && isLater(found.at(), facts.contact().map(AgentContact::lastSeen)))
                .map(UnavailableReason::of)
                .orElseGet(() -> new InRehab(facts.changedAt().orElseThrow()));
    }

    private static UnavailableReason of(ContactLog.Rejection rejection) {
        return switch (rejection.reason()) {
            case BAD_SIGNATURE -> new BadSignature(rejection.at());
            case CLOCK_SKEW -> new ClockSkew(rejection.at(), rejection.behind().orElse(Duration.ZERO));
            case WRONG_FRAME_COUNT,
                    HEADER_TOO_LONG,
                    BODY_TOO_LONG,
                    BAD_HEADER,
                    BAD_JSON,
                    BAD_FIELD,
                    UNKNOWN_TYPE,
                    WRONG_NODE,
                    UNKNOWN_NODE -> new MessagesRejected(rejection.at(), rejection.reason(), rejection.detail());
        };
    }

    private static Optional<UnavailableReason> later(
            Optional<UnavailableReason> one, Optional<UnavailableReason> other) {
        Optional<Instant> otherAt = other.flatMap(UnavailableReason::since);
        return one.filter(found -> isLater(found.since().orElseThrow(), otherAt))
                .or(() -> other);
    }

    private static boolean isLater(Instant at, Optional<Instant> than) {
        return than.isEmpty() || at.isAfter(than.get());
    }

    private static String ago(Instant at, Instant now) {
        return seconds(at, now) + " s ago";
    }

    private static long seconds(Instant at, Instant now) {
        return Math.max(0, Duration.between(at, now).toSeconds());
    }
}
