package org.pushjobs.server.metrics;

import java.util.EnumSet;
import java.util.Set;
import org.pushjobs.zmtp.wire.CloseReason;

/** The ZeroMQ ports, and how their connections can end. */
public enum PortKind {
    COMMAND("command", ofCommands(), ofEncryption(), EnumSet.of(CloseReason.REFUSED_FOR_NOW, CloseReason.REFUSED)),
    /** The same with the setting {@code disable_curve_encryption}. */
    CLEAR_COMMAND("command", ofCommands(), noReasons(), noReasons()),
    HEARTBEAT("heartbeat", EnumSet.of(CloseReason.TOO_MANY_SUBSCRIPTIONS), noReasons(), noReasons());

    private final String label;
    private final Set<CloseReason> closed = EnumSet.of(
            CloseReason.CLOSED_BY_PEER,
            CloseReason.STOPPED,
            CloseReason.MALFORMED,
            CloseReason.FRAME_TOO_LARGE,
            CloseReason.MESSAGE_TOO_LARGE,
            CloseReason.SILENT,
            CloseReason.LISTENER_FAILED);
    private final Set<CloseReason> turnedAway = EnumSet.of(
            CloseReason.CLOSED_BY_PEER,
            CloseReason.STOPPED,
            CloseReason.TOO_MANY_CONNECTIONS,
            CloseReason.TOO_MANY_FROM_ADDRESS,
            CloseReason.TOO_MANY_HANDSHAKES,
            CloseReason.HANDSHAKE_TIMEOUT,
            CloseReason.NOT_ZMTP,
            CloseReason.OLD_PROTOCOL,
            CloseReason.OTHER_MECHANISM,
            CloseReason.OTHER_SOCKET_TYPE,
            CloseReason.MALFORMED,
            CloseReason.FRAME_TOO_LARGE,
            CloseReason.LISTENER_FAILED);

    PortKind(String label, Set<CloseReason> closedToo, Set<CloseReason> ofBothToo, Set<CloseReason> turnedAwayToo) {
        this.label = label;
        closed.addAll(closedToo);
        closed.addAll(ofBothToo);
        turnedAway.addAll(turnedAwayToo);
        turnedAway.addAll(ofBothToo);
    }

    private static Set<CloseReason> ofCommands() {
        return EnumSet.of(CloseReason.CLOSED_BY_US, CloseReason.DOES_NOT_READ);
    }

    private static Set<CloseReason> ofEncryption() {
        return EnumSet.of(CloseReason.FORGED, CloseReason.STALE_NONCE);
    }

    private static Set<CloseReason> noReasons() {
        return EnumSet.noneOf(CloseReason.class);
    }

    String label() {
        return label;
    }

    /** How a connection can end after its handshake. */
    Set<CloseReason> closed() {
        return EnumSet.copyOf(closed);
    }

    /** Why one can fail to get past its handshake. */
    Set<CloseReason> turnedAway() {
        return EnumSet.copyOf(turnedAway);
    }
}
