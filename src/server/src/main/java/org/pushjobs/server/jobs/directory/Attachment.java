package org.pushjobs.server.jobs.directory;

import java.util.HashMap;
import java.util.Map;
import org.pushjobs.server.facts.Fact;
import org.pushjobs.server.facts.Standing;

/**
 * Where a node is, and how it stands there.
 *
 * @param fact the last that its gateway said
 * @param sinceNanos when it was heard in this session first, as far as that is known; as the term's schedule tells time
 * @param elsewhere the newest session that is known of it at each other gateway
 */
record Attachment(GatewayLink link, Fact.Attached fact, long sinceNanos, Map<String, Long> elsewhere) {
    boolean isAt(GatewayLink other) {
        return link == other;
    }

    boolean isIn(GatewayLink other, long session) {
        return link == other && fact.session() == session;
    }

    Standing standing() {
        return fact.standing();
    }

    /** Agents that have not spoken may be of any process. */
    boolean isOfSameProcess(Fact.Attached other) {
        return fact.incarnation().equals(other.incarnation())
                || fact.incarnation().isEmpty()
                || other.incarnation().isEmpty();
    }

    /**
     * Whether what another gateway says is newer: that it has heard the node in another session, and after this one began. One
     * that has not noticed that the node has left it says nothing new of it, or that its connection has ended.
     */
    boolean yieldsTo(GatewayLink other, Fact.Attached said, long saidHeardNanos) {
        boolean isNew = said.session() > elsewhere.getOrDefault(other.gateway(), 0L);
        return isNew && speaks(said) && saidHeardNanos - sinceNanos > 0;
    }

    /** Whether the node is heard over a connection that it has. */
    static boolean speaks(Fact.Attached said) {
        return switch (said.standing()) {
            case AVAILABLE, REHAB, WRONG_TIME -> true;
            case DISCONNECTED, UNREACHABLE, HELD, CONNECTED -> false;
        };
    }

    /** The same, and what is known of another gateway. */
    Attachment knowing(GatewayLink other, long session) {
        Map<String, Long> more = new HashMap<>(elsewhere);
        more.merge(other.gateway(), session, Math::max);
        return new Attachment(link, fact, sinceNanos, Map.copyOf(more));
    }
}
