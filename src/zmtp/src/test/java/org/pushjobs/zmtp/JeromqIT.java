package org.pushjobs.zmtp;

import org.pushjobs.zmtp.testing.JeromqPeer;
import org.pushjobs.zmtp.testing.Peer;
import org.zeromq.SocketType;

/** JeroMQ is the other side. */
class JeromqIT extends InteroperabilityContract {
    @Override
    Peer peer(SocketType type) {
        return new JeromqPeer(type);
    }
}
