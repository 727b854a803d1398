package org.pushjobs.server.nodes;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.pushjobs.config.HealthConfig;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.message.ServerMessage;
import org.pushjobs.server.facts.Fact;
import org.pushjobs.server.facts.Facts;
import org.pushjobs.server.facts.Lines;
import org.pushjobs.server.facts.Order;
import org.pushjobs.server.facts.Orders;
import org.pushjobs.server.facts.TermBeat;
import org.pushjobs.server.gateway.AgentPort;
import org.pushjobs.server.gateway.ContactLog;
import org.pushjobs.server.gateway.Recipient;
import org.pushjobs.server.gateway.Route;
import org.pushjobs.server.metrics.ServerMetrics;
import org.pushjobs.server.store.ToldConfig;
import org.pushjobs.server.testing.VirtualSchedule;

/** The sessions of one gateway, between agents and a term that the test plays, on virtual time. */
final class TestGateway implements AutoCloseable {
    static final String ORG = "0".repeat(32);
    static final int INTERVAL_MILLIS = 1_000;
    static final int MAX_BODY_BYTES = 2_000;

    private static final String ID = "gateway";

    private final VirtualSchedule schedule = new VirtualSchedule();
    private final ServerMetrics metrics = new ServerMetrics(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
    private final NodeSessions sessions;
    private final List<Facts> told = new ArrayList<>();
    private final List<Sent> sent = new ArrayList<>();
    private final Set<NodeRef> connected = new LinkedHashSet<>();
    /** Of each node, as the term knows it. */
    private final Map<NodeRef, Long> attached = new HashMap<>();

    private Predicate<NodeRef> atWork = _ -> false;
    private long lastConnection;
    private long epoch;
    private long nextOrder = 1;

    /** What an agent was sent. */
    record Sent(NodeRef node, Route route, ServerMessage message) {}

    TestGateway() {
        sessions = new NodeSessions(new NodeSessions.Setup(
                ID,
                new HealthConfig(Duration.ofMillis(INTERVAL_MILLIS), 0.6, 4, 3, Duration.ofSeconds(2)),
                MAX_BODY_BYTES,
                _ -> new Port(),
                _ -> Optional.empty(),
                new ContactLog(),
                metrics,
                schedule.clock(),
                schedule,
                new TermLine()));
        sessions.begin();
    }

    private final class TermLine implements Lines {
        @Override
        public void send(Facts facts) {
            told.add(facts);
            facts.facts().stream()
                    .filter(Fact.Attached.class::isInstance)
                    .forEach(fact -> attached.put(fact.node(), fact.session()));
        }

        @Override
        public void send(Orders orders) {
            throw new AssertionError("a gateway gives no orders");
        }

        @Override
        public void publish(TermBeat beat) {
            throw new AssertionError("a gateway is no term");
        }
    }

    private final class Port implements AgentPort {
        @Override
        public void send(Recipient recipient, ServerMessage message) {
            sent.add(new Sent(recipient.node(), recipient.route(), message));
        }

        @Override
        public void send(Collection<Recipient> recipients, ServerMessage message) {
            recipients.forEach(recipient -> send(recipient, message));
        }

        @Override
        public Optional<ToldConfig> told(Recipient recipient) {
            return Optional.empty();
        }

        @Override
        public boolean isHeldUp(Recipient recipient, long withinMillis) {
            return false;
        }

        @Override
        public Set<NodeRef> connectedNodes() {
            return Set.copyOf(connected);
        }

        @Override
        public long cameRoundMillis() {
            return schedule.nowMillis();
        }

        @Override
        public int shortestIntervalMillis(int atMost) {
            return atMost;
        }

        @Override
        public void forgetUnused(Predicate<NodeRef> busy) {
            atWork = busy;
        }
    }

    NodeSessions sessions() {
        return sessions;
    }

    // ---- agents

    /** An agent of this name, with a connection, that has not spoken. */
    TestAgent agent(String name) {
        TestAgent agent = new TestAgent(this, new NodeRef(ORG, name));
        agent.connect();
        return agent;
    }

    /** An agent that is available and of which the term has heard. */
    TestAgent available(String name) {
        TestAgent agent = agent(name);
        agent.idle();
        agent.aborted();
        settle();
        if (epoch != 0) {
            orders();
        }
        told.clear();
        sent.clear();
        return agent;
    }

    Route connect(NodeRef ref) {
        connected.add(ref);
        return new Route(++lastConnection, "192.0.2.1");
    }

    void disconnect(NodeRef ref, Route route) {
        connected.remove(ref);
        sessions.disconnected(ref, route);
    }

    /** What agents were sent since this was asked last. */
    List<ServerMessage> sent() {
        List<ServerMessage> messages = sent.stream().map(Sent::message).toList();
        sent.clear();
        return messages;
    }

    /** Which nodes ask for their configuration only when their job has ended. */
    Predicate<NodeRef> atWork() {
        pass(NodeSessions.KEYS_PERIOD.toMillis());
        return atWork;
    }

    /** The session in which the term knows the node. */
    long sessionOf(TestAgent agent) {
        settle();
        return attached.get(agent.ref());
    }

    // ---- time

    void pass(long millis) {
        schedule.pass(millis);
    }

    /** What is to be done in this moment is done. */
    void settle() {
        pass(0);
    }

    /** Some agents send heartbeats while time passes, and the term shows that it lives. */
    void passWith(int intervals, Runnable heartbeats) {
        for (int i = 0; i < intervals; i++) {
            pass(INTERVAL_MILLIS);
            heartbeats.run();
            if (epoch != 0) {
                orders();
            }
        }
        settle();
    }

    // ---- the term

    /** A term with these live jobs, of which the gateway hears; what that makes it tell is passed over. */
    void term(long newEpoch, Order.Watched... jobs) {
        beat(newEpoch);
        settle();
        watchAll(jobs);
        settle();
        told.clear();
    }

    void beat(long newEpoch) {
        epoch = newEpoch;
        sessions.heard(new TermBeat(newEpoch));
    }

    void watchAll(Order.Watched... jobs) {
        nextOrder = 1;
        orders(new Order.WatchAll(List.of(jobs)));
    }

    private long heard() {
        return attached.values().stream().mapToLong(Long::longValue).max().orElse(0);
    }

    /** They arrive. */
    void orders(Order... orders) {
        sessions.arrived(new Orders(epoch, ID, nextOrder, heard(), List.of(orders)));
        nextOrder += orders.length;
    }

    /** They get lost. */
    void loseOrders(Order... orders) {
        nextOrder += orders.length;
    }

    void ordersOf(long otherEpoch, long first, Order... orders) {
        sessions.arrived(new Orders(otherEpoch, ID, first, heard(), List.of(orders)));
    }

    static Order.Watched job(String id, String... nodes) {
        return new Order.Watched(id, ORG, List.of(nodes));
    }

    /** What the term was told since this was asked last. */
    List<Facts> told() {
        settle();
        List<Facts> answer = List.copyOf(told);
        told.clear();
        return answer;
    }

    List<Fact> facts() {
        return told().stream().flatMap(facts -> facts.facts().stream()).toList();
    }

    <F extends Fact> List<F> facts(Class<F> type) {
        return facts().stream().filter(type::isInstance).map(type::cast).toList();
    }

    Fact.Attached attached() {
        return facts(Fact.Attached.class).getLast();
    }

    String metrics() {
        return metrics.scrape();
    }

    @Override
    public void close() {
        settle();
        sessions.end();
        told.clear();
        pass(60_000);
        if (!told.isEmpty()) {
            throw new AssertionError("it goes on after its end: " + told);
        }
    }
}
