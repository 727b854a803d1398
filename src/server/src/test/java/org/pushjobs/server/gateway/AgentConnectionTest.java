package org.pushjobs.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.keys.SessionKeys;
import org.pushjobs.server.metrics.GatewayMetrics;
import org.pushjobs.server.metrics.PortKind;
import org.pushjobs.server.metrics.ServerMetrics;
import org.pushjobs.server.store.Claimant;
import org.pushjobs.server.store.NodeKey;
import org.pushjobs.server.store.NodeKeys;

/** To whom a connection belongs, and what is sent over it then. */
class AgentConnectionTest {
    private static final String ORG = "0".repeat(32);
    private static final NodeRef WEB = new NodeRef(ORG, "web");
    private static final NodeRef DB = new NodeRef(ORG, "db");
    private static final String OWN = "1".repeat(40);
    private static final String SHARED = "2".repeat(40);
    private static final String CLEAR_WEB = NodeKey.inClearText("acme", "web");
    private static final String CLEAR_DB = NodeKey.inClearText("acme", "db");
    private static final byte[] HEADER = {1};

    private final KeyRing keys = KeyRing.load(new KeyRing.Setup(
                    new Stored(List.of(
                            claim(OWN, WEB),
                            claim(SHARED, WEB),
                            claim(SHARED, DB),
                            claim(CLEAR_WEB, WEB),
                            claim(CLEAR_DB, DB))),
                    new SessionKeys(new byte[32]),
                    1,
                    Duration.ofHours(1),
                    new ServiceTime(() -> 0, () -> true),
                    (_, _) -> Future.succeededFuture(Optional.empty()),
                    Clock.systemUTC()))
            .result();
    private final GatewayMetrics metrics =
            new ServerMetrics(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT)).gateway(PortKind.COMMAND);

    @Test
    void commandLeavesOverTheConnectionOfWhoeverAloneHasTheKey() {
        Wire wire = Wire.with(AgentConnection.withKey(OWN, keys.find(OWN).orElseThrow()));

        send(wire, WEB);
        send(wire, DB);
        wire.work();

        assertThat(wire.sent).containsExactly(WEB.node());
    }

    @Test
    void commandLeavesOverNoConnectionWithASharedKeyBeforeANodeHasSpokenOverIt() {
        Wire wire = Wire.with(
                AgentConnection.withSharedKey(SHARED, keys.find(SHARED).orElseThrow()));

        // when
        send(wire, WEB);
        send(wire, DB);
        wire.work();

        // then
        assertThat(wire.user().owner()).isEmpty();
        assertThat(wire.sent).isEmpty();

        // when
        wire.user().heardOf(keys, node(WEB));
        send(wire, WEB);
        send(wire, DB);
        wire.work();

        // then
        assertThat(wire.sent).containsExactly(WEB.node());
    }

    /** The sender is on another event loop than the connection. */
    @Test
    void commandThatIsOnItsWayWhenTheConnectionTurnsOutToBeAnotherNodesIsLost() {
        Wire wire = Wire.with(AgentConnection.withKey(SHARED, node(WEB)));
        send(wire, WEB);

        wire.user().heardOf(keys, node(DB));
        wire.work();

        assertThat(wire.sent).isEmpty();
    }

    @Test
    void commandThatIsOnItsWayInClearTextIsLostWhenAnotherNodeSpeaksOverTheConnection() {
        Wire wire = Wire.with(new AgentConnection(Optional.empty()));
        wire.user().heardOf(keys, node(WEB));
        send(wire, WEB);

        wire.user().heardOf(keys, node(DB));
        wire.work();

        assertThat(wire.sent).isEmpty();
    }

    @Test
    void connectionWithASharedKeyMayBeOfEachOfItsNodesUntilOneSpeaks() {
        Wire wire = Wire.with(
                AgentConnection.withSharedKey(SHARED, keys.find(SHARED).orElseThrow()));

        assertThat(wire.user().mayBeOf(keys)).containsExactlyInAnyOrder(WEB, DB);
        wire.user().heardOf(keys, node(DB));
        assertThat(wire.user().mayBeOf(keys)).containsExactly(DB);
    }

    /** Its owner's commands must not go on, though another node has claimed the key since. */
    @Test
    void connectionEndsWithItsOwnersClaimAlsoBeforeAnybodyHasSpoken() {
        Wire own = Wire.with(AgentConnection.withKey(SHARED, node(WEB)));
        Wire shared = Wire.with(
                AgentConnection.withSharedKey(SHARED, keys.find(SHARED).orElseThrow()));
        List<NodeKey> gone = new ArrayList<>();
        keys.onDeparture(gone::add);

        keys.revoke(ORG, Claimant.client(WEB.node()));

        assertThat(gone).contains(claim(SHARED, WEB));
        assertThat(gone)
                .filteredOn(claim -> claim.publicKey().equals(SHARED))
                .allMatch(claim -> own.user().endsWith(claim, keys));
        assertThat(gone).noneMatch(claim -> shared.user().endsWith(claim, keys));
    }

    private AdmittedNode node(NodeRef ref) {
        return keys.claimant(SHARED, "acme", ref.node()).orElseThrow();
    }

    /** A message whose body is its recipient's name. */
    private void send(Wire wire, NodeRef to) {
        wire.user().send(to, HEADER, to.node().getBytes(StandardCharsets.UTF_8), metrics);
    }

    private static NodeKey claim(String key, NodeRef node) {
        return new NodeKey(key, node, "acme", Instant.EPOCH, Claimant.client(node.node()), Optional.empty());
    }

    /** A connection on an event loop that works when the test says so. */
    private static final class Wire extends QuietConnection<AgentConnection> {
        private final Queue<Runnable> tasks = new ArrayDeque<>();
        private final List<String> sent = new ArrayList<>();

        private Wire(AgentConnection agent) {
            super(agent);
        }

        private static Wire with(AgentConnection agent) {
            Wire wire = new Wire(agent);
            agent.opened(wire);
            return wire;
        }

        private void work() {
            while (!tasks.isEmpty()) {
                tasks.remove().run();
            }
        }

        @Override
        public void execute(Runnable task) {
            tasks.add(task);
        }

        @Override
        public boolean send(byte[]... frames) {
            sent.add(new String(frames[1], StandardCharsets.UTF_8));
            return true;
        }

        @Override
        public void close() {
            tasks.add(() -> sent.add("closed"));
        }
    }

    /** A database that answers at once and never changes. */
    private record Stored(List<NodeKey> claims) implements NodeKeys {
        @Override
        public Future<List<NodeKey>> all() {
            return Future.succeededFuture(claims);
        }

        @Override
        public Future<List<NodeKey>> find(String publicKey) {
            return Future.succeededFuture(claims.stream()
                    .filter(claim -> claim.publicKey().equals(publicKey))
                    .toList());
        }

        @Override
        public Future<Void> put(NodeKey key) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Future<Void> revoke(String orgGuid, Claimant claimant, Instant before) {
            return Future.succeededFuture();
        }

        @Override
        public Future<List<NodeKey>> purge(List<NodeKey> unused) {
            throw new UnsupportedOperationException();
        }
    }
}
