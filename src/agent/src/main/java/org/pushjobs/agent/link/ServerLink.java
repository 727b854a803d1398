package org.pushjobs.agent.link;

import java.time.Clock;
import org.pushjobs.protocol.codec.ServerMessageReader;

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

    /** Whether a result that is sent now will arrive. */
    boolean delivers() {
        return presence.online() && silence.isAnswered();
    }
}
