package org.pushjobs.server.nodes;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.pushjobs.config.HealthConfig;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.ServerMessage;
import org.pushjobs.server.facts.Departure;
import org.pushjobs.server.facts.Fact;
import org.pushjobs.server.facts.FactOutbox;
import org.pushjobs.server.facts.Lines;
import org.pushjobs.server.facts.Orders;
import org.pushjobs.server.facts.TermBeat;
import org.pushjobs.server.gateway.AgentListener;
import org.pushjobs.server.gateway.AgentPort;
import org.pushjobs.server.gateway.ContactLog;
import org.pushjobs.server.gateway.Recipient;
import org.pushjobs.server.gateway.RoundWatch;
import org.pushjobs.server.gateway.Route;
import org.pushjobs.server.metrics.ServerMetrics;
import org.pushjobs.server.nodes.NodeSession.Effect;
import org.pushjobs.server.nodes.NodeSession.JobRelation;
import org.pushjobs.server.store.ToldConfig;
import org.pushjobs.server.time.Schedule;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions of all nodes whose agents are connected to this gateway (lifecycle.md, "Node session"): states facts about them to
 * the term, and obeys its orders (cluster.md, "Facts and conclusions"). All of it belongs to one event loop. A message costs the
 * same whatever the number of nodes; only the check for silent nodes walks over all of them.
 */
public final class NodeSessions implements AgentListener {
    private static final Logger LOG = LoggerFactory.getLogger(NodeSessions.class);
    private static final long CONNECTION_CHECK_MILLIS = 250;
    private static final long BEAT_MILLIS = 1_000;
    /** How often it is looked which keys are not used any more. */
    static final Duration KEYS_PERIOD = Duration.ofSeconds(5);

    private final HealthConfig health;
    private final Clock clock;
    private final Schedule schedule;
    private final AgentPort port;
    private final NodeMemory memory;
    private final ListeningTime listening;
    private final Nodes nodes;
    private final LostConnections<Node> lost = new LostConnections<>();
    private final WatchedJobs jobs = new WatchedJobs();
    private final FactOutbox outbox;
    private final Statements statements;
    private final Consequences consequences;
    private final Silence silence;
    private final AgentConnections connections;
    private final Contests contests;
    private final QuietNodes quiet;
    private final LeavingNodes leaving;
    private final TermOrders orders;
    private final NodeQuestions questions;
    private final List<Runnable> timers = new ArrayList<>();
    private boolean open;

    /**
     * What they need to know.
     *
     * @param gateway id of this gateway, another one in each of its lives
     * @param maxBodySizeBytes largest message that every agent takes
     * @param ports makes the ports that call these sessions; called once
     * @param lastTold what the node's newest configuration said
     */
    public record Setup(
            String gateway,
            HealthConfig health,
            int maxBodySizeBytes,
            Function<AgentListener, ? extends AgentPort> ports,
            Function<NodeRef, Optional<ToldConfig>> lastTold,
            ContactLog contacts,
            ServerMetrics metrics,
            Clock clock,
            Schedule schedule,
            Lines lines) {
        public Setup {
            Objects.requireNonNull(gateway, "gateway");
            Objects.requireNonNull(health, "health");
            Objects.requireNonNull(ports, "ports");
            Objects.requireNonNull(lastTold, "lastTold");
            Objects.requireNonNull(contacts, "contacts");
            Objects.requireNonNull(metrics, "metrics");
            Objects.requireNonNull(clock, "clock");
            Objects.requireNonNull(schedule, "schedule");
            Objects.requireNonNull(lines, "lines");
        }
    }

    public NodeSessions(Setup setup) {
        health = setup.health();
        clock = setup.clock();
        schedule = setup.schedule();
        port = setup.ports().apply(this);
        memory = new NodeMemory(setup.contacts(), health.heartbeatInterval().toMillis());
        // while the ports are closed nobody listens
        listening = new ListeningTime(schedule::nowMillis, () -> open ? port.cameRoundMillis() : ListeningTime.NEVER);
        nodes = new Nodes(lost, setup.metrics().nodes());
        outbox = new FactOutbox(setup.gateway(), setup.lines(), schedule, listening::millis, this::all);
        setup.metrics().watchQueue("reports", outbox::unacknowledged);
        setup.metrics().watchQueueBytes("reports", outbox::outputBytes);
        statements = new Statements(outbox, nodes, clock, schedule);
        consequences = new Consequences(port, jobs, statements);
        silence = new Silence(health, port, setup.lastTold(), listening, statements);
        connections = new AgentConnections(nodes, lost, silence, listening, consequences, statements);
        contests = new Contests(memory, port, clock);
        quiet = new QuietNodes(
                port, jobs, ref -> !nodes.has(ref) && !contests.isContested(ref), statements, clock, schedule);
        leaving = new LeavingNodes(nodes, lost, consequences, silence, quiet, memory, statements, clock, schedule);
        Commands commands = new Commands(setup.maxBodySizeBytes(), port, nodes, jobs, consequences, statements);
        orders = new TermOrders(outbox, jobs, quiet, nodes, commands, schedule);
        questions = new NodeQuestions(nodes, lost, jobs, memory, clock, schedule);
    }

    /** To be called once, when the ports are open. */
    public void begin() {
        open = true;
        listening.begin();
        pace();
        long interval = health.heartbeatInterval().toMillis();
        every(KEYS_PERIOD.toMillis(), () -> port.forgetUnused(this::isAtWork));
        every(health.rehabTimer().toMillis(), consequences::repeatAborts);
        every(RoundWatch.periodMillis(health.heartbeatInterval()), listening::look);
        every(interval * health.detectOfflineNodesInterval(), leaving::findSilent);
        every(interval, quiet::check);
        every(CONNECTION_CHECK_MILLIS, connections::check);
        every(CONNECTION_CHECK_MILLIS, quiet::checkIfJobsChanged);
        every(BEAT_MILLIS, outbox::beat);
    }

    private void every(long millis, Runnable action) {
        timers.add(schedule.every(millis, action));
    }

    /** Ends what {@link #begin} has begun; to be called before the ports are closed. */
    public void end() {
        open = false;
        timers.forEach(Runnable::run);
        timers.clear();
    }

    /**
     * How often, in milliseconds, the server has to send heartbeats: agents that were told a shorter interval think that it is
     * away when it keeps to its own.
     */
    public long pace() {
        long pace = port.shortestIntervalMillis(
                Math.toIntExact(health.heartbeatInterval().toMillis()));
        listening.judgeBy(pace);
        return pace;
    }

    /** Whether its agent has something better to do than to fetch its configuration. */
    private boolean isAtWork(NodeRef ref) {
        return jobs.isWatched(ref)
                || nodes.find(ref).filter(node -> node.jobId().isPresent()).isPresent();
    }

    private List<Fact.Attached> all() {
        List<Fact.Attached> all = statements.all();
        all.addAll(quiet.all());
        return all;
    }

    // ---- from the term

    /** There is such a term. */
    public void heard(TermBeat beat) {
        orders.heardOf(beat.epoch());
    }

    /** Whether the term has told which jobs are live. */
    boolean areJobsKnown() {
        return jobs.areKnown();
    }

    /** Orders for this gateway. */
    public void arrived(Orders batch) {
        orders.arrived(batch);
    }

    // ---- from the agents

    @Override
    public void received(NodeRef ref, Route route, AgentMessage message) {
        if (message instanceof AgentMessage.Goodbye) {
            goodbye(ref, message);
            return;
        }
        long now = schedule.nowMillis();
        Optional<Node> known = nodes.find(ref);
        if (known.isPresent()) {
            ofKnown(known.get(), route, message, now);
        } else {
            ofUnknown(ref, route, message, now);
        }
    }

    private void ofKnown(Node node, Route route, AgentMessage message, long now) {
        if (node.session().isOf(message)) {
            connections.isHeard(node, route);
            take(node, route, message, now);
        } else {
            leaving.down(node, contests.replaced(node, route, message, now));
            ofUnknown(node.ref(), route, message, now);
        }
    }

    private void ofUnknown(NodeRef ref, Route route, AgentMessage message, long now) {
        if (!contests.isContested(ref, route, message, now)) {
            take(newNode(ref, route, message, jobs.relation(ref, message)), route, message, now);
        }
    }

    private void take(Node node, Route route, AgentMessage message, long now) {
        node.heard(now);
        silence.timeIsRight(node);
        if (node.isNotUnderstood()) {
            node.isUnderstood();
            consequences.carryOut(node, node.session().missed());
        }
        if (message instanceof AgentMessage.Heartbeat heartbeat && node.beat(heartbeat, listening.millis(), now)) {
            statements.changed(node);
        }
        consequences.carryOut(node, node.session().on(message, route, relation(node, route, message)), message);
        connections.wasHeard(node);
    }

    private JobRelation relation(Node node, Route route, AgentMessage message) {
        return route.isNewerThan(node.session().route())
                ? jobs.relation(node.ref(), message)
                : jobs.relation(node.ref(), message, node.number());
    }

    /** Its own last word, not that of another agent of the node's name. */
    private void goodbye(NodeRef ref, AgentMessage message) {
        Optional<Node> node = nodes.find(ref);
        node.filter(known -> known.session().isOf(message)).ifPresent(known -> leaving.down(known, Departure.STOPPED));
        if (node.isEmpty()) {
            quiet.left(ref, Departure.STOPPED.text(), Departure.STOPPED);
        }
    }

    /**
     * The message is of a wrong time, so that it may be an old one that somebody has kept, and must not change anything; but
     * its agent lives, and jobs that run on the node go on.
     */
    @Override
    public void alive(NodeRef ref, Route route, AgentMessage message) {
        long now = schedule.nowMillis();
        Optional<Node> known = nodes.find(ref);
        if (known.isEmpty() && isWanted(ref) && !contests.isContested(ref)) {
            Node node = newNode(ref, route, message, JobRelation.TAKES_PART);
            silence.timeIsWrong(node);
            known = Optional.of(node);
        }
        known.filter(node -> node.session().isOf(message)).ifPresent(node -> {
            if (message instanceof AgentMessage.Heartbeat) {
                node.beatOfAnyTime(listening.millis(), now);
            }
            node.wasNotUnderstood();
            if (!route.equals(node.session().route())) {
                // without an answer on its new connection it would fetch its configuration over and over
                port.send(new Recipient(ref, route), new ServerMessage.Ack());
            }
        });
    }

    @Override
    public void connected(NodeRef ref, Route route) {
        connections.connected(ref, route);
    }

    @Override
    public void disconnected(NodeRef ref, Route route) {
        connections.disconnected(ref, route);
    }

    /** Whether the node takes part in a live job. */
    private boolean isWanted(NodeRef ref) {
        return jobs.isWatched(ref) || quiet.has(ref);
    }

    private Node newNode(NodeRef ref, Route route, AgentMessage message, JobRelation relation) {
        List<Effect> effects = new ArrayList<>(2);
        boolean wanted = relation == JobRelation.TAKES_PART || relation == JobRelation.UNKNOWN || isWanted(ref);
        NodeSession session = NodeSession.start(message, route, wanted, effects);
        quiet.speaks(ref);
        Recipient agent = new Recipient(ref, route);
        Node node = new Node(
                ref,
                session,
                message.envelope(),
                silence.newHealth(agent),
                silence.newHealth(agent),
                clock.instant(),
                schedule.nowMillis());
        nodes.add(node);
        statements.renumber(node);
        memory.cameBack(ref);
        LOG.info(
                "agent connected [org: {}, node: {}, host: {}]",
                message.envelope().org(),
                ref.node(),
                message.envelope().client());
        consequences.carryOut(node, effects);
        return node;
    }

    // ---- questions

    /** See {@link Nodes#here}. */
    int nodesHere() {
        return nodes.here();
    }

    /** All that is known here of a node. */
    NodeFacts facts(NodeRef ref) {
        return questions.facts(ref);
    }

    /** All that is known here of the given nodes of an organisation and all others of it that are remembered. */
    List<NodeFacts> facts(String orgGuid, Set<String> names) {
        return questions.facts(orgGuid, names);
    }
}
