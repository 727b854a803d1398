package org.pushjobs.server.gateway;

import java.util.Objects;
import java.util.Optional;
import org.pushjobs.server.metrics.ServerMetrics;
import org.pushjobs.zmtp.Verdict;
import org.pushjobs.zmtp.ZmtpConnection;

/**
 * One agent's connection to the command port, bound to the node whose CURVE key it used. Without CURVE it belongs to
 * whichever node's messages come over it. Usable from any thread once it is {@link #opened}, unless stated otherwise.
 */
final class AgentConnection {
    private final Optional<AdmittedNode> owner;
    private volatile Optional<AdmittedNode> sender;
    private ZmtpConnection<AgentConnection> connection;
    private Route route;

    /** @param owner of the CURVE key; empty without CURVE */
    AgentConnection(Optional<AdmittedNode> owner) {
        this.owner = Objects.requireNonNull(owner, "owner");
        this.sender = owner;
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

    /** Whose CURVE key it used. */
    Optional<AdmittedNode> owner() {
        return owner;
    }

    /**
     * Who may have sent a message over it that says it is from this node; with CURVE always the owner. That it says so
     * changes nothing yet: see {@link #heardOf}. On the connection's event loop.
     */
    Optional<AdmittedNode> claimed(KeyRing keys, String orgName, String node) {
        return owner.or(() -> sender.filter(known -> known.is(orgName, node)).or(() -> keys.claimed(orgName, node)));
    }

    /** A message over it was signed by this node. On the connection's event loop. */
    void heardOf(AdmittedNode node) {
        if (owner.isEmpty() && sender.filter(known -> known == node).isEmpty()) {
            sender = Optional.of(node);
        }
    }

    /** The node that is at the other end, as far as is known. */
    Optional<AdmittedNode> peer() {
        return sender;
    }

    /** The node that is at the other end; known once it has sent a message that is authentic. */
    AdmittedNode node() {
        return sender.orElseThrow();
    }

    /** Sends a signed message; on another thread than the connection's it goes there first. */
    void send(byte[] header, byte[] body, ServerMetrics metrics) {
        connection.execute(() -> sendNow(header, body, metrics));
    }

    private void sendNow(byte[] header, byte[] body, ServerMetrics metrics) {
        if (connection.isOpen() && !connection.send(header, body)) {
            metrics.messageDropped();
        }
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
