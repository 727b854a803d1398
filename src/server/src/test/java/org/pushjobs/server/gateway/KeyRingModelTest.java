package org.pushjobs.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.keys.SessionKeys;
import org.pushjobs.protocol.keys.Z85;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.metrics.PortKind;
import org.pushjobs.server.metrics.ServerMetrics;
import org.pushjobs.server.store.Claimant;
import org.pushjobs.server.store.NodeKey;
import org.pushjobs.server.store.NodeKeyStore;
import org.pushjobs.server.store.NodeKeys;
import org.pushjobs.server.testing.SettableClock;
import org.pushjobs.zmtp.Verdict;

/**
 * Key ring and key gate of two servers on one database against a model that consists of the database alone: whatever order
 * things happen in, and however late or in vain the database answers, once it has answered a key opens a connection if and only
 * if its claim is stored.
 */
class KeyRingModelTest {
    private static final String ORG = "0".repeat(32);
    private static final Duration LIFETIME = Duration.ofSeconds(10);
    private static final String ADDRESS = "192.0.2.1";
    private static final int KEYS = 12;
    private static final List<String> NODES = List.of("web", "db", "cache");

    /** What can happen. */
    sealed interface Step {
        record Admit(int server, String node, int key) implements Step {}

        record Connect(int server, int key) implements Step {}

        record Revoke(int server, String node) implements Step {}

        record DeleteClient(String node) implements Step {}

        record Restart(int server) implements Step {}

        record Purge(int server, boolean atWork) implements Step {}

        record Pass(int seconds) implements Step {}

        /** The database answers what was asked longest ago. */
        record Answer() implements Step {}

        /** It fails to. */
        record Fail() implements Step {}

        /** It answers what was asked last before the others. */
        record AnswerLast() implements Step {}
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Integer> server = Arbitraries.of(0, 1);
        Arbitrary<String> node = Arbitraries.of(NODES);
        Arbitrary<Integer> key = Arbitraries.integers().between(0, KEYS - 1);
        return Arbitraries.<Step>frequencyOf(
                        Tuple.of(6, Combinators.combine(server, node, key).as(Step.Admit::new)),
                        Tuple.of(4, Combinators.combine(server, key).as(Step.Connect::new)),
                        Tuple.of(2, Combinators.combine(server, node).as(Step.Revoke::new)),
                        Tuple.of(1, node.map(Step.DeleteClient::new)),
                        Tuple.of(1, server.map(Step.Restart::new)),
                        Tuple.of(
                                2,
                                Combinators.combine(server, Arbitraries.of(true, false))
                                        .as(Step.Purge::new)),
                        Tuple.of(2, Arbitraries.integers().between(1, 12).map(Step.Pass::new)),
                        Tuple.of(8, Arbitraries.just(new Step.Answer())),
                        Tuple.of(2, Arbitraries.just(new Step.AnswerLast())),
                        Tuple.of(1, Arbitraries.just(new Step.Fail())))
                .list()
                .ofMinSize(1)
                .ofMaxSize(80);
    }

    @Property(tries = 1_000)
    void keyOpensAConnectionIfAndOnlyIfItsClaimIsStored(@ForAll("steps") List<Step> steps) {
        World world = new World();

        steps.forEach(world::take);

        world.settle();
        world.checkThatMemoryHasNothingThatIsNotStored();
        world.checkThatStoredKeysOpen();
    }

    /** The database: does what it is asked when it answers, not when it is asked. */
    private static final class SlowKeys implements NodeKeys {
        private final Map<List<Object>, NodeKey> stored = new LinkedHashMap<>();
        private final Deque<Runnable> questions = new ArrayDeque<>();
        private final Deque<Runnable> failures = new ArrayDeque<>();
        private final List<KeyRing> listeners = new ArrayList<>();

        private <T> Future<T> later(Supplier<T> statement) {
            Promise<T> answer = Promise.promise();
            questions.add(() -> answer.complete(statement.get()));
            failures.add(() -> answer.fail(ServerException.unavailable("the database is away")));
            return answer.future();
        }

        void answerFirst() {
            if (!questions.isEmpty()) {
                failures.remove();
                questions.remove().run();
            }
        }

        void answerLast() {
            if (!questions.isEmpty()) {
                failures.removeLast();
                questions.removeLast().run();
            }
        }

        void fail() {
            if (!questions.isEmpty()) {
                questions.remove();
                failures.remove().run();
            }
        }

        @Override
        public Future<List<NodeKey>> all() {
            return later(this::allNow);
        }

        private List<NodeKey> allNow() {
            return stored.values().stream()
                    .sorted(Comparator.comparing(NodeKey::fetchedAt))
                    .toList();
        }

        @Override
        public Future<List<NodeKey>> find(String publicKey) {
            return later(() -> findNow(publicKey));
        }

        private List<NodeKey> findNow(String publicKey) {
            return allNow().stream()
                    .filter(claim -> claim.publicKey().equals(publicKey))
                    .toList();
        }

        @Override
        public Future<Void> put(NodeKey key) {
            return later(() -> {
                stored.put(List.of(key.publicKey(), key.node()), key);
                List<NodeKey> same = allNow().stream()
                        .filter(claim -> claim.node().equals(key.node())
                                && claim.claimedBy().equals(key.claimedBy())
                                && !claim.equals(key))
                        .toList();
                same.stream()
                        .limit(Math.max(0, same.size() - NodeKeyStore.KEYS_PER_NODE + 1))
                        .forEach(this::drop);
                return null;
            });
        }

        @Override
        public Future<Void> revoke(String orgGuid, Claimant claimant, Instant before) {
            return later(() -> {
                revokeNow(claimant, before);
                return null;
            });
        }

        private void revokeNow(Claimant claimant, Instant before) {
            allNow().stream()
                    .filter(claim -> claim.claimedBy().equals(claimant)
                            && claim.fetchedAt().isBefore(before))
                    .forEach(this::drop);
            listeners.forEach(ring -> ring.revoked(ORG + " " + claimant.text()));
        }

        @Override
        public Future<List<NodeKey>> purge(List<NodeKey> unused) {
            return later(() -> {
                List<NodeKey> staying = new ArrayList<>();
                for (NodeKey claim : unused) {
                    NodeKey now = stored.get(List.of(claim.publicKey(), claim.node()));
                    if (claim.equals(now)) {
                        drop(claim);
                    } else if (now != null) {
                        staying.add(now);
                    }
                }
                return staying;
            });
        }

        private void drop(NodeKey claim) {
            stored.remove(List.of(claim.publicKey(), claim.node()));
        }
    }

    private static final class Server {
        private final KeyRing ring;
        private final KeyGate gate;
        private final Set<NodeKey> departed = new LinkedHashSet<>();

        private Server(KeyRing ring, SettableClock clock) {
            this.ring = ring;
            this.gate = new KeyGate(
                    ring,
                    new ContactLog(),
                    new ServerMetrics(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT)).gateway(PortKind.COMMAND),
                    clock);
            ring.onDeparture(departed::add);
        }
    }

    private static final class World {
        private final SettableClock clock = new SettableClock(Instant.parse("2026-01-15T12:00:00Z"));
        private final SlowKeys store = new SlowKeys();
        private final Map<Integer, Server> servers = new LinkedHashMap<>();
        private final List<Future<?>> open = new ArrayList<>();

        private World() {
            start(0);
            start(1);
        }

        /** A server that does not get its keys tries again, as the real one does. */
        private void start(int number) {
            Server old = servers.remove(number);
            if (old != null) {
                store.listeners.remove(old.ring);
            }
            Future<KeyRing> loading = KeyRing.load(new KeyRing.Setup(
                    store,
                    new SessionKeys(new byte[32]),
                    1,
                    LIFETIME,
                    new ServiceTime(() -> clock.instant().toEpochMilli(), () -> true),
                    (_, _) -> Future.succeededFuture(Optional.empty()),
                    clock));
            while (!loading.isComplete()) {
                store.answerFirst();
            }
            Server server = new Server(loading.result(), clock);
            servers.put(number, server);
            store.listeners.add(server.ring);
        }

        private void take(Step step) {
            clock.forward(Duration.ofMillis(1));
            switch (step) {
                case Step.Admit(int server, String node, int key) ->
                    open.add(servers.get(server).ring.admit(claim(node, key)));
                case Step.Connect(int server, int key) -> open.add(connect(server, key));
                case Step.Revoke(int server, String node) ->
                    servers.get(server).ring.revoke(ORG, Claimant.client(node));
                case Step.DeleteClient(String node) -> store.revokeNow(Claimant.client(node), Instant.MAX);
                case Step.Restart(int server) -> start(server);
                case Step.Purge(int server, boolean atWork) -> purge(server, atWork);
                case Step.Pass(int seconds) -> clock.forward(Duration.ofSeconds(seconds));
                case Step.Answer() -> store.answerFirst();
                case Step.AnswerLast() -> store.answerLast();
                case Step.Fail() -> store.fail();
            }
        }

        private void purge(int server, boolean atWork) {
            open.add(servers.get(server).ring.purge(_ -> atWork));
        }

        private Future<Verdict<AgentConnection>> connect(int server, int key) {
            return servers.get(server).gate.authorise(Z85.decode(key(key)), ADDRESS);
        }

        private NodeKey claim(String node, int key) {
            return new NodeKey(
                    key(key), new NodeRef(ORG, node), "acme", clock.instant(), Claimant.client(node), Optional.empty());
        }

        /** The database answers everything; what servers were not told they find out. */
        private void settle() {
            answerAll();
            servers.values().forEach(server -> open.add(server.ring.refresh()));
            answerAll();
            assertThat(open).allMatch(Future::isComplete);
        }

        private void answerAll() {
            while (!store.questions.isEmpty()) {
                store.answerFirst();
            }
        }

        private void checkThatMemoryHasNothingThatIsNotStored() {
            for (Server server : servers.values()) {
                for (int key = 0; key < KEYS; key++) {
                    for (String node : NODES) {
                        boolean stored = store.stored.containsKey(List.of(key(key), new NodeRef(ORG, node)));
                        assertThat(server.ring.isClaimed(key(key), new NodeRef(ORG, node)))
                                .as("key " + key + " of " + node)
                                .isEqualTo(stored);
                        assertThat(server.ring.claimant(key(key), "acme", node).isPresent())
                                .isEqualTo(stored);
                    }
                }
            }
        }

        private void checkThatStoredKeysOpen() {
            Set<String> stored =
                    store.stored.values().stream().map(NodeKey::publicKey).collect(Collectors.toSet());
            for (int server : servers.keySet()) {
                for (int key = 0; key < KEYS; key++) {
                    clock.forward(Duration.ofMinutes(2)); // no address has too many refusals
                    Future<Verdict<AgentConnection>> verdict = connect(server, key);
                    answerAll();
                    assertThat(verdict.result() instanceof Verdict.Accepted<?>)
                            .as("key " + key)
                            .isEqualTo(stored.contains(key(key)));
                }
            }
        }

        private static String key(int number) {
            return "%040d".formatted(number);
        }
    }
}
