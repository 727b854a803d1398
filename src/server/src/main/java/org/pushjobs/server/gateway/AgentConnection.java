package org.pushjobs.server.gateway;

import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.server.metrics.GatewayMetrics;
import org.pushjobs.server.store.NodeKey;
import org.pushjobs.server.store.ToldConfig;
import org.pushjobs.zmtp.Verdict;
import org.pushjobs.zmtp.ZmtpConnection;

/**
 * One agent's connection to the command port. The key that opened it says which nodes may speak over it; the first message that
 * is signed by one of them binds it to that node for good (wire-protocol.md, "CURVE and ZAP"). Until then it belongs to the node
 * that alone has claimed the key, and to nobody when several have. Without CURVE it belongs to whichever node's messages come
 * over it. Usable from any thread once it is {@link #opened}, unless stated otherwise.
 */
final class AgentConnection {
    private final Optional<Key> key;
    /** With CURVE who is most likely to speak, until it is bound. */
    private volatile Optional<AdmittedNode> sender;

    private volatile boolean bound;
    private ZmtpConnection<AgentConnection> connection;
    private Route route;

    /**
     * @param likelyOwner who is most likely to speak
     * @param shared whether several nodes had claimed it when it opened the connection
     */
    record Key(String text, AdmittedNode likelyOwner, boolean shared) {}

    /** @param key empty without CURVE */
    AgentConnection(Optional<Key> key) {
        this.key = key;
        this.sender = key.map(Key::likelyOwner);
    }

    /** @param owner who alone has claimed the key */
    static AgentConnection withKey(String key, AdmittedNode owner) {
        return new AgentConnection(Optional.of(new Key(key, owner, false)));
    }

    /** @param likelyOwner of the key, which several nodes have claimed, as {@link KeyRing#find} has it */
    static AgentConnection withSharedKey(String key, AdmittedNode likelyOwner) {
        return new AgentConnection(Optional.of(new Key(key, likelyOwner, true)));
    }

    /** Without CURVE. */
    static Verdict<AgentConnection> ofAnyNode() {
        return new Verdict.Accepted<>(new AgentConnection(Optional.empty()));
    }

    /** To be called once, before anybody else gets to see it. */
    void opened(ZmtpConnection<AgentConnection> itself) {
        connection = itself;
        route = new Route(itself.id(), itself.remoteAddress());
    }

    Route route() {
        return route;
    }

    /**
     * Who is most likely at the other end: the node that it is bound to, or that spoke with its key last, or claimed it last.
     * Empty without CURVE.
     */
    Optional<AdmittedNode> likelyOwner() {
        return key.isPresent() ? sender : Optional.empty();
    }

    /**
     * Who may have sent a message over it that says it is from this node. That it says so changes nothing yet: see
     * {@link #heardOf}. On the connection's event loop.
     */
    Optional<AdmittedNode> claimed(KeyRing keys, String orgName, String node) {
        if (key.isPresent() && !bound) {
            return keys.claimant(key.get().text(), orgName, node)
                    .or(() -> sender.filter(other -> !other.is(orgName, node)));
        }
        return key.isPresent()
                ? sender
                : sender.filter(known -> known.is(orgName, node)).or(() -> keys.claimed(orgName, node));
    }

    /** A message over it was signed by this node. On the connection's event loop. */
    void heardOf(KeyRing keys, AdmittedNode node) {
        boolean isKnown = bound
                && (key.isPresent() || sender.filter(known -> known == node).isPresent());
        if (!isKnown) {
            sender = Optional.of(node);
            bound = true;
            key.ifPresent(used -> keys.spoke(used.text(), node.node()));
            if (!keys.isClaimed(keyOf(node), node.node())) {
                close(); // revoked at this moment
            }
        }
    }

    /**
     * The node whose connection it is, which alone gets commands over it. It changes, on the connection's event loop, when another
     * node proves that it is at the other end.
     */
    Optional<AdmittedNode> owner() {
        return bound || !key.map(Key::shared).orElse(false) ? sender : Optional.empty();
    }

    private boolean isOf(NodeRef node) {
        return owner().filter(known -> known.node().equals(node)).isPresent();
    }

    /** The nodes that may be at the other end, whether they have spoken or not. */
    Stream<NodeRef> mayBeOf(KeyRing keys) {
        return bound || key.isEmpty()
                ? sender.stream().map(AdmittedNode::node)
                : keys.claimants(key.get().text());
    }

    private String keyOf(AdmittedNode node) {
        return key.map(Key::text)
                .orElseGet(() -> NodeKey.inClearText(node.orgName(), node.node().node()));
    }

    /** The node that is at the other end; known once it has sent a message that is authentic. */
    AdmittedNode node() {
        return sender.orElseThrow();
    }

    /** What the node's agent at the other end was told when it connected. */
    Optional<ToldConfig> told(NodeRef node) {
        return owner().filter(known -> known.node().equals(node)).flatMap(AdmittedNode::told);
    }

    /**
     * Whether nobody may speak over it any more, now that this claim is gone. A key that newer ones have displaced keeps its
     * connection as long as its claimant has any other for the node.
     */
    boolean endsWith(NodeKey claim, KeyRing keys) {
        boolean isUnclaimed = !bound
                && key.filter(used -> used.text().equals(claim.publicKey()) && !keys.isClaimed(used.text()))
                        .isPresent();
        return isUnclaimed
                || owner().filter(node -> node.node().equals(claim.node()) && isLost(node, claim, keys))
                        .isPresent();
    }

    private boolean isLost(AdmittedNode node, NodeKey claim, KeyRing keys) {
        return keyOf(node).equals(claim.publicKey()) || !keys.isClaimed(node.node(), node.claimedBy());
    }

    /** Whether its key was revoked while it was being opened. */
    boolean isTooLate(KeyRing keys) {
        return key.filter(used -> !keys.isClaimed(used.text())).isPresent();
    }

    /** Closes it. */
    void close() {
        connection.execute(connection::close);
    }

    /**
     * Sends a command that is signed for its recipient; on another thread than the connection's it goes there first. Lost when
     * the connection is not that node's, also when another one proves meanwhile that it has it.
     */
    void send(NodeRef recipient, byte[] header, byte[] body, GatewayMetrics metrics) {
        connection.execute(() -> {
            if (isOf(recipient)) {
                sendNow(header, body, metrics);
            }
        });
    }

    /** Sends what anybody with the key may have, whoever is at the other end. On the connection's event loop. */
    void greet(byte[] header, byte[] body, GatewayMetrics metrics) {
        sendNow(header, body, metrics);
    }

    private void sendNow(byte[] header, byte[] body, GatewayMetrics metrics) {
        if (connection.isOpen() && !connection.send(header, body)) {
            metrics.messageDropped();
        }
    }

    /** Calls back on its event loop with how many bytes its agent has not read yet; 0 when it is closed. */
    void askUnwritten(LongConsumer answer) {
        connection.execute(() -> answer.accept(connection.isOpen() ? connection.unwrittenBytes() : 0));
    }

    /** Whether what its agent has sent waits here to be read, or did so until a moment ago. */
    boolean isHeldUp(long withinMillis) {
        return connection.isHeldUp(withinMillis);
    }

    /** Stops reading until {@link #resume}; on the connection's event loop. */
    void pause() {
        connection.pause();
    }

    void resume() {
        connection.execute(connection::resume);
    }

    /** Closes the connection because what came over it could not be handled. */
    void fail(RuntimeException failure) {
        connection.execute(() -> {
            throw failure;
        });
    }
}
