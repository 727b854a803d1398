package org.pushjobs.agent.link;

import java.time.Clock;
import java.util.Optional;
import org.pushjobs.agent.link.AgentStatus.Connection;
import org.pushjobs.protocol.codec.ServerMessageReader;
import org.pushjobs.protocol.config.Extensions;
import org.pushjobs.protocol.message.AgentEnvelope;

/**
 * What the agent knows about its server while one configuration holds.
 *
 * @param presence whether the server is there
 * @param silence whether the command port answers
 */
record ServerLink(ServerSession session, ServerMessageReader reader, ServerPresence presence, SilenceWatch silence) {
    /** A new configuration: the server counts as there. */
    static ServerLink opened(ServerSession session, Clock clock, int vainAttempts, long nowMillis) {
        long interval = session.intervalMillis();
        return new ServerLink(
                session,
                session.reader(clock),
                new ServerPresence(
                        interval,
                        session.document().offlineThreshold(),
                        session.document().onlineThreshold(),
                        nowMillis),
                new SilenceWatch(vainAttempts, interval));
    }

    /** The same configuration with new sockets. */
    ServerLink reopened(int vainAttempts) {
        return new ServerLink(session, reader, presence, new SilenceWatch(vainAttempts, session.intervalMillis()));
    }

    /** Another configuration that the sockets serve as well. */
    ServerLink renewed(ServerSession newSession, Clock clock) {
        return new ServerLink(newSession, newSession.reader(clock), presence, silence);
    }

    /** How far the agent has got with it. */
    Connection connection() {
        if (!presence.online()) {
            return Connection.OFFLINE;
        }
        return silence.isAnswered() ? Connection.ONLINE : Connection.CONNECTING;
    }

    /** What the server understands besides protocol 2.0. */
    Optional<Extensions> extensions() {
        return session.document().extensions();
    }

    /** What messages to it say that they speak. */
    String protocolVersion() {
        return extensions().isPresent() ? AgentEnvelope.EXTENDED_PROTOCOL_VERSION : AgentEnvelope.PROTOCOL_VERSION;
    }

    /**
     * Whether results are sent now. A server that acknowledges them gets them as soon as it seems to be there, before
     * anything that says that the agent is idle; to others they are sent when it is plain that they will arrive.
     */
    boolean takesResults() {
        return presence.online() && (extensions().isPresent() || silence.isAnswered());
    }
}
