package org.pushjobs.zmtp;

import java.util.List;
import java.util.Objects;
import org.pushjobs.zmtp.wire.SocketType;

/**
 * What a client connects to, and as what.
 *
 * @param type DEALER or SUB
 * @param identity up to 255 bytes; empty for none
 * @param subscriptions prefixes that a SUB asks for when it is connected; an empty one asks for everything
 */
public record ZmtpTarget(
        SocketType type, String host, int port, Security security, byte[] identity, List<byte[]> subscriptions) {
    public ZmtpTarget {
        if (type != SocketType.DEALER && type != SocketType.SUB) {
            throw new IllegalArgumentException("a client is a DEALER or a SUB, not a " + type);
        }
        if (security instanceof Security.CurveServer) {
            throw new IllegalArgumentException("a client has the keys of a client");
        }
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(security, "security");
        Objects.requireNonNull(identity, "identity");
        subscriptions = List.copyOf(subscriptions);
    }

    /** A DEALER without identity. */
    public static ZmtpTarget dealer(String host, int port, Security security) {
        return new ZmtpTarget(SocketType.DEALER, host, port, security, new byte[0], List.of());
    }

    /** A SUB that wants everything. */
    public static ZmtpTarget sub(String host, int port, Security security) {
        return new ZmtpTarget(SocketType.SUB, host, port, security, new byte[0], List.of(new byte[0]));
    }
}
