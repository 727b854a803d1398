package org.pushjobs.server.spread;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.Optional;
import org.pushjobs.protocol.NodeRef;

/**
 * Chooses a gateway for a node by rendezvous hashing: the gateway for which the node and it together have the highest hash. Each
 * gets about as many nodes as any other, a gateway that goes leaves only its own nodes to the others, evenly, and one that comes
 * takes only those that it gets; nothing has to be remembered for that.
 */
final class Rendezvous {
    private Rendezvous() {}

    /** Empty when there is none. */
    static Optional<GatewayNews> choose(NodeRef node, Collection<GatewayNews> gateways) {
        return gateways.stream().reduce((best, other) -> isHigher(node, best, other) ? best : other);
    }

    private static boolean isHigher(NodeRef node, GatewayNews one, GatewayNews other) {
        int compared = Long.compareUnsigned(hash(node, one.place()), hash(node, other.place()));
        // in two lives at one place either will do, if all take the same
        return compared == 0 ? one.gateway().compareTo(other.gateway()) > 0 : compared > 0;
    }

    private static long hash(NodeRef node, String place) {
        try {
            String text = place + "\0" + node.orgGuid() + "\0" + node.node();
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(digest).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime lacks SHA-256", e);
        }
    }
}
