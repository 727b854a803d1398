package org.pushjobs.zmtp.wire;

/** Why a connection ended or was not let in. */
public enum CloseReason {
    /** The peer, or the network, closed it. */
    CLOSED_BY_PEER,
    /** The application closed it. */
    CLOSED_BY_US,
    /** The server or client that it belongs to was closed. */
    STOPPED,
    /** There are as many connections as may be. */
    TOO_MANY_CONNECTIONS,
    /** There are as many connections from this address as may be. */
    TOO_MANY_FROM_ADDRESS,
    /** It waited longest for its peer when there were more handshakes than may be. */
    TOO_MANY_HANDSHAKES,
    /** The handshake took longer than it may. */
    HANDSHAKE_TIMEOUT,
    /** The first bytes were not a ZMTP greeting. */
    NOT_ZMTP,
    /** The peer speaks ZMTP 1 or 2. */
    OLD_PROTOCOL,
    /** The peer wants another security mechanism, or has the same role in it. */
    OTHER_MECHANISM,
    /** A frame, command or property breaks the protocol. */
    MALFORMED,
    /** A frame is longer than it may be. */
    FRAME_TOO_LARGE,
    /** A message is longer than it may be. */
    MESSAGE_TOO_LARGE,
    /** A box could not be opened: made with another key, or changed on the way. */
    FORGED,
    /** A nonce did not rise: a repeated or reordered command. */
    STALE_NONCE,
    /** The peer's socket type does not go with ours. */
    OTHER_SOCKET_TYPE,
    /** Its key was refused for now, or the answer was not known in time. */
    REFUSED_FOR_NOW,
    /** Its key was refused. */
    REFUSED,
    /** The peer does not read what it is sent. */
    DOES_NOT_READ,
    /** Nothing came for longer than it may, not even an answer to PING. */
    SILENT,
    /** The peer has more subscriptions than it may. */
    TOO_MANY_SUBSCRIPTIONS,
    /** Handling its message failed. */
    LISTENER_FAILED
}
