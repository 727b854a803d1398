package org.pushjobs.zmtp.wire;

import java.util.Set;

/** The sockets that this module plays. */
public enum SocketType {
    ROUTER(Set.of("DEALER", "REQ", "ROUTER")),
    PUB(Set.of("SUB", "XSUB")),
    DEALER(Set.of("ROUTER", "DEALER", "REP")),
    SUB(Set.of("PUB", "XPUB"));

    private final Set<String> peers;

    SocketType(Set<String> peers) {
        this.peers = peers;
    }

    /** Whether a peer of this type may be talked to (RFC 23, "socket type property"). */
    public boolean talksTo(String peer) {
        return peers.contains(peer);
    }
}
