package org.pushjobs.server.nodes;

import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.server.facts.Departure;
import org.pushjobs.server.gateway.ContactLog;
import org.pushjobs.server.gateway.Route;

/**
 * What is remembered of nodes that have no session: who left, and whose name several agents use. Bounded. Belongs to the
 * event loop of {@link NodeSessions}.
 */
final class NodeMemory {
    static final int MAX_DEPARTED = 50_000;

    private final ContactLog contacts;
    private final long heartbeatIntervalMillis;
    private final Map<NodeRef, Departed> departed = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<NodeRef, Departed> eldest) {
            return size() > MAX_DEPARTED;
        }
    };
    private final Map<NodeRef, Contest> contests = new HashMap<>();

    private record Departed(AgentContact contact, Instant at, Departure how) {}

    /** Agents that may be rivals for a node. */
    private static final class Contest {
        private final Rivalry rivalry;
        private final Map<String, Route> routes = new LinkedHashMap<>(4, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Route> eldest) {
                return size() > Rivalry.MAX_RIVALS;
            }
        };
        private Optional<Instant> provenAt = Optional.empty();

        private Contest(Rivalry rivalry) {
            this.rivalry = rivalry;
        }
    }

    NodeMemory(ContactLog contacts, long heartbeatIntervalMillis) {
        this.contacts = Objects.requireNonNull(contacts, "contacts");
        this.heartbeatIntervalMillis = heartbeatIntervalMillis;
    }

    /** A node lost its session. */
    void left(NodeRef ref, AgentContact contact, Instant at, Departure how) {
        departed.remove(ref);
        departed.put(ref, new Departed(contact, at, how));
    }

    /** A node has a session again. */
    void cameBack(NodeRef ref) {
        departed.remove(ref);
    }

    /**
     * An agent was heard where another one had the session.
     *
     * @return whether this has just proved that both of them live
     */
    boolean replaced(
            NodeRef ref, Rivalry.Rival old, long oldHeardMillis, Rivalry.Rival successor, long nowMillis, Instant now) {
        Contest contest = contests.computeIfAbsent(ref, _ -> new Contest(new Rivalry(heartbeatIntervalMillis)));
        contest.rivalry.replaced(old, oldHeardMillis, successor, nowMillis);
        if (contest.rivalry.isProven() && contest.provenAt.isEmpty()) {
            contest.provenAt = Optional.of(now);
            return true;
        }
        return false;
    }

    /** Whether several agents live under the node's name, so that it must not have a session. */
    boolean isContested(NodeRef ref) {
        Contest contest = contests.get(ref);
        return contest != null && contest.provenAt.isPresent();
    }

    /** An agent of a contested node was heard; the contest may be over now. */
    void heard(NodeRef ref, Rivalry.Rival rival, long nowMillis) {
        Rivalry rivalry = contests.get(ref).rivalry;
        rivalry.heard(rival, nowMillis);
        if (rivalry.isOver(nowMillis)) {
            contests.remove(ref);
        }
    }

    /** Whether an agent of a contested node uses this connection for the first time. */
    boolean isNewRoute(NodeRef ref, Rivalry.Rival rival, Route route) {
        return !route.equals(contests.get(ref).routes.put(rival.incarnationId(), route));
    }

    /** Forgets the contests in which at most one agent is left. */
    void forgetQuiet(long nowMillis) {
        contests.values().removeIf(contest -> contest.rivalry.isOver(nowMillis));
    }

    /** Adds the names of an organisation's nodes that are remembered. */
    void addNames(String orgGuid, Set<String> names) {
        departed.keySet().stream().filter(ref -> ref.orgGuid().equals(orgGuid)).forEach(ref -> names.add(ref.node()));
    }

    /**
     * @param session the node's, with the last of its agent and its last change; each empty when it has none
     */
    NodeFacts facts(
            NodeRef ref,
            Optional<NodeFacts.Session> session,
            Optional<AgentContact> contact,
            Optional<Instant> changedAt) {
        Optional<Departed> last = Optional.ofNullable(departed.get(ref));
        Optional<AgentContact> lastContact = contact.or(() -> last.map(Departed::contact));
        Optional<ContactLog.Fetch> fetch = contacts.fetch(ref);
        return new NodeFacts(
                ref,
                session,
                lastContact,
                changedAt.or(() -> last.map(Departed::at)),
                last.filter(departure -> departure.how() == Departure.STOPPED).map(Departed::at),
                Optional.ofNullable(contests.get(ref))
                        .flatMap(contest ->
                                contest.provenAt.map(since -> new NodeFacts.Rivals(since, contest.rivalry.rivals()))),
                fetch,
                contacts.configRefusal(ref),
                contacts.rejection(ref),
                lastContact
                        .flatMap(known -> contacts.refusal(known.address()))
                        .or(() -> fetch.flatMap(known -> contacts.refusal(known.address()))));
    }
}
