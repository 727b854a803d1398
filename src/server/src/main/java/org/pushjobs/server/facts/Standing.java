package org.pushjobs.server.facts;

/** How a node that is attached to a gateway stands there (cluster.md, "Facts and conclusions"). */
public enum Standing {
    /** Takes commands. */
    AVAILABLE,
    /** Its agent is told to abort until it says that it has. */
    REHAB,
    /** The time of its messages is wrong: it goes on with what it does and takes nothing new. */
    WRONG_TIME,
    /** Its connection ended a moment ago and was not replaced. */
    DISCONNECTED,
    /** Its connection ended so long ago that a vote does not wait for it. */
    UNREACHABLE,
    /** It is silent, so that it has no session, but its connection is open: its command may go on. */
    HELD,
    /** It takes part in a live job and has a connection, but has not spoken over it. */
    CONNECTED;

    /** Whether the node has a session. */
    public boolean isOnline() {
        return switch (this) {
            case AVAILABLE, REHAB, WRONG_TIME, DISCONNECTED, UNREACHABLE -> true;
            case HELD, CONNECTED -> false;
        };
    }
}
