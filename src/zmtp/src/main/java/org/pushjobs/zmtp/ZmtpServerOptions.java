package org.pushjobs.zmtp;

import java.util.Objects;
import org.pushjobs.zmtp.nacl.Nacl;
import org.pushjobs.zmtp.wire.SocketType;

/**
 * How a server listens.
 *
 * @param type ROUTER or PUB
 * @param host address to listen on; {@code *} is every IPv4 address
 * @param port 0 picks a free one for this server alone; a negative number picks one that all servers with this number
 *     share
 * @param backlog connections that the system accepts before we do
 */
public record ZmtpServerOptions(
        SocketType type,
        String host,
        int port,
        int backlog,
        Security security,
        Nacl nacl,
        Limits limits,
        HandshakeLimits handshakes,
        Silence silence) {
    private static final int DEFAULT_BACKLOG = 4_096;

    public ZmtpServerOptions {
        if (type != SocketType.ROUTER && type != SocketType.PUB) {
            throw new IllegalArgumentException("a server is a ROUTER or a PUB, not a " + type);
        }
        if (security instanceof Security.CurveClient) {
            throw new IllegalArgumentException("a server has the keys of a server");
        }
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(security, "security");
        Objects.requireNonNull(nacl, "nacl");
        Objects.requireNonNull(limits, "limits");
        Objects.requireNonNull(handshakes, "handshakes");
        Objects.requireNonNull(silence, "silence");
    }

    /** Everything else by default. */
    public static ZmtpServerOptions of(SocketType type, String host, int port, Security security, Nacl nacl) {
        return new ZmtpServerOptions(
                type,
                host,
                port,
                DEFAULT_BACKLOG,
                security,
                nacl,
                Limits.DEFAULT,
                HandshakeLimits.DEFAULT,
                Silence.ACCEPTED);
    }

    /** With another port. */
    public ZmtpServerOptions withPort(int newPort) {
        return new ZmtpServerOptions(type, host, newPort, backlog, security, nacl, limits, handshakes, silence);
    }

    /** With other limits. */
    public ZmtpServerOptions withLimits(Limits newLimits) {
        return new ZmtpServerOptions(type, host, port, backlog, security, nacl, newLimits, handshakes, silence);
    }

    /** With other limits for handshakes. */
    public ZmtpServerOptions withHandshakes(HandshakeLimits newHandshakes) {
        return new ZmtpServerOptions(type, host, port, backlog, security, nacl, limits, newHandshakes, silence);
    }

    /** With another treatment of silent peers. */
    public ZmtpServerOptions withSilence(Silence newSilence) {
        return new ZmtpServerOptions(type, host, port, backlog, security, nacl, limits, handshakes, newSilence);
    }
}
