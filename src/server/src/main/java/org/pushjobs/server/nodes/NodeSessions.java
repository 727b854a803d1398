package org.pushjobs.server.nodes;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.pushjobs.config.HealthConfig;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.message.AgentEnvelope;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.ServerMessage;
import org.pushjobs.server.bus.LocalCodec;
import org.pushjobs.server.gateway.AgentListener;
import org.pushjobs.server.gateway.CommandPort;
import org.pushjobs.server.gateway.ContactLog;
import org.pushjobs.server.gateway.HeartbeatPublisher;
import org.pushjobs.server.gateway.Recipient;
import org.pushjobs.server.gateway.RoundWatch;
import org.pushjobs.server.gateway.Route;
import org.pushjobs.server.metrics.ServerMetrics;
import org.pushjobs.server.nodes.NodeSession.Effect;
import org.pushjobs.server.nodes.NodeSession.JobRelation;
import org.pushjobs.server.store.ToldConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions of all nodes whose agents are connected to this server: carries out what {@link NodeSession} decides, and
 * tells the jobs what concerns them (lifecycle.md, "Node session"). It owns the command port and the heartbeat broadcast.
 * All state belongs to one event loop, which is also why it is one class. A message costs the same whatever the number of nodes; only the check for silent
 * nodes walks over all of them.
 */
public final class NodeSessions extends VerticleBase implements AgentListener {
    /** Address for {@link NodeCommand}s. */
    public static final String COMMANDS = "pushjobs.nodes.commands";
    /** Address that {@link NodeReport}s are sent to. */
    public static final String REPORTS = "pushjobs.nodes.reports";

    static final String QUERIES = "pushjobs.nodes.queries";

    private static final Logger LOG = LoggerFactory.getLogger(NodeSessions.class);
    private static final int RESUME_GRACE_INTERVALS = 6;
    private static final Duration RESUME_GRACE_EXTRA = Duration.ofSeconds(5);
    private static final long CONNECTION_CHECK_MILLIS = 250;
    /** How often it is looked which keys are not used any more, and which intervals agents were told. */
    private static final Duration KEYS_PERIOD = Duration.ofSeconds(5);

    private final HealthConfig health;
    /** The largest message that every agent takes. */
    private final int maxBodySizeBytes;

    private final Clock clock;
    private final PortFactory ports;
    private final NodeMemory memory;
    private final ServerMetrics metrics;
    private final Map<NodeRef, Node> nodes = new HashMap<>();
    private final WatchedJobs jobs = new WatchedJobs();
    private final Set<Node> inRehab = new LinkedHashSet<>();
    /** Of these nothing but signs of life is taken, because the time of their messages is wrong. */
    private final Set<Node> ofWrongTime = new HashSet<>();

    private final LostConnections<Node> lostConnections = new LostConnections<>();
    /**
     * Nodes without a session that are not reported down, because a connection of their agent is open: it may be deaf until
     * its command ends (wire-protocol.md, "CURVE and ZAP", rule 2).
     */
    private final Set<NodeRef> held = new LinkedHashSet<>();

    private int availableNodes;
    private Optional<CommandPort> port = Optional.empty();
    /** What agents are told now; empty until the ports are open. */
    private Optional<ToldConfig> current = Optional.empty();

    private final ListeningTime listening;

    /** Makes the command port on the context of the verticle. */
    public interface PortFactory {
        CommandPort commandPort(AgentListener listener);

        /** What agents are told of these ports. */
        ToldConfig told(CommandPort.Ports opened);

        /** What the node's newest configuration said, also while the ports are not open. */
        Optional<ToldConfig> lastTold(NodeRef node);

        /** @param opened the ports, which the agents hear of */
        HeartbeatPublisher heartbeats(CommandPort port, CommandPort.Ports opened);
    }

    private static final class Node {
        private final NodeRef ref;
        private final NodeSession session;
        private HeartbeatHealth health;
        /** By all signs of life, also by messages of a wrong time. */
        private final HeartbeatHealth life;

        private final String incarnationId;
        private final String client;
        private final String protocolVersion;
        private Instant updatedAt;
        private long lastSeenMillis;
        private long lastBeatMillis;
        /** The last heartbeat of whatever time. */
        private long lastSignMillis;

        private Optional<String> jobId = Optional.empty();
        /** A newer connection over which it has not spoken yet. */
        private Optional<Route> nextRoute = Optional.empty();

        /** Whether its last message was of a wrong time: neither was that taken, nor may it have taken what it was sent. */
        private boolean notUnderstood;

        private boolean countedAsAvailable;
        private int maxCommitBytes;

        private Node(
                NodeRef ref,
                NodeSession session,
                HeartbeatHealth health,
                HeartbeatHealth life,
                AgentEnvelope first,
                Instant updatedAt,
                long nowMillis) {
            this.ref = ref;
            this.session = session;
            this.health = health;
            this.life = life;
            this.incarnationId = first.incarnationId();
            this.client = AgentContact.client(first);
            this.protocolVersion = AgentContact.protocolVersion(first);
            this.updatedAt = updatedAt;
            this.lastBeatMillis = nowMillis;
            this.lastSignMillis = nowMillis;
        }

        private void judgeBy(HeartbeatHealth.Rules rules, long now) {
            health.judgeBy(rules, now);
            life.judgeBy(rules, now);
        }

        private Recipient recipient() {
            return new Recipient(ref, session.route());
        }

        /** @param usualBytes what every agent takes */
        private Optional<TooLarge> refuses(CommitSize size, int usualBytes) {
            int bytes = isExtended() ? size.extendedBytes() : size.plainBytes();
            int limit = Math.max(usualBytes, maxCommitBytes);
            return bytes <= limit ? Optional.empty() : Optional.of(new TooLarge(ref.node(), bytes, limit));
        }

        /** Whether its agent understands protocol 2.1. */
        private boolean isExtended() {
            return protocolVersion.equals(AgentEnvelope.EXTENDED_PROTOCOL_VERSION);
        }

        private Rivalry.Rival rival() {
            return rival(incarnationId, client, session.route());
        }

        private static Rivalry.Rival rival(String incarnationId, String client, Route route) {
            return new Rivalry.Rival(incarnationId, client + " (" + route.address() + ")");
        }
    }

    /** @param maxBodySizeBytes largest message that every agent takes */
    public NodeSessions(
            HealthConfig health,
            int maxBodySizeBytes,
            PortFactory ports,
            ContactLog contacts,
            ServerMetrics metrics,
            Clock clock) {
        this.health = Objects.requireNonNull(health, "health");
        this.maxBodySizeBytes = maxBodySizeBytes;
        this.ports = Objects.requireNonNull(ports, "ports");
        this.metrics = Objects.requireNonNull(metrics, "metrics");
        this.clock = Objects.requireNonNull(clock, "clock");
        this.memory = new NodeMemory(contacts, health.heartbeatInterval().toMillis());
        this.listening = new ListeningTime(NodeSessions::monotonicMillis, this::cameRoundMillis);
    }

    /**
     * Answers commands and queries; the ports stay closed until {@link #openPorts}, so that the live jobs are known before the
     * first agent is heard.
     */
    @Override
    public Future<?> start() {
        vertx.eventBus().<NodeCommand>localConsumer(COMMANDS, message -> handle(message.body()));
        vertx.eventBus().<NodeQuery>localConsumer(QUERIES, this::answer);
        return Future.succeededFuture();
    }

    /**
     * Opens the ports; to be called once, when the live jobs are watched. Usable from any thread.
     *
     * @return the ports; fails when one is taken
     */
    public Future<CommandPort.Ports> openPorts() {
        Promise<CommandPort.Ports> opened = Promise.promise();
        context.runOnContext(_ -> open().onComplete(opened));
        return opened.future();
    }

    private Future<CommandPort.Ports> open() {
        CommandPort made = ports.commandPort(this);
        port = Optional.of(made);
        long interval = health.heartbeatInterval().toMillis();
        return made.open().onSuccess(opened -> {
            current = Optional.of(ports.told(opened));
            HeartbeatPublisher heartbeats = ports.heartbeats(made, opened);
            heartbeats.publish();
            listening.begin();
            publishAtPace(heartbeats, pace());
            vertx.setPeriodic(KEYS_PERIOD.toMillis(), _ -> made.forgetUnused(this::isAtWork));
            vertx.setPeriodic(health.rehabTimer().toMillis(), _ -> repeatAborts());
            vertx.setPeriodic(RoundWatch.periodMillis(health.heartbeatInterval()), _ -> listening.look());
            vertx.setPeriodic(interval * health.detectOfflineNodesInterval(), _ -> findSilentNodes());
            vertx.setPeriodic(interval, _ -> checkHeldNodes());
            vertx.setPeriodic(CONNECTION_CHECK_MILLIS, _ -> checkLostConnections());
        });
    }

    /** While the ports are closed nobody listens. */
    private long cameRoundMillis() {
        return port.filter(CommandPort::isOpen)
                .map(CommandPort::cameRoundMillis)
                .orElse(ListeningTime.NEVER);
    }

    /** Agents that were told a shorter interval think that the server is away when it keeps to its own. */
    private long pace() {
        return port.orElseThrow()
                .shortestIntervalMillis(
                        Math.toIntExact(health.heartbeatInterval().toMillis()));
    }

    /** Whether its agent has something better to do than to fetch its configuration. */
    private boolean isAtWork(NodeRef ref) {
        Node node = nodes.get(ref);
        return jobs.isWatched(ref) || node != null && node.jobId.isPresent();
    }

    private void publishAtPace(HeartbeatPublisher heartbeats, long pace) {
        listening.judgeBy(pace);
        long beats = Math.max(1, KEYS_PERIOD.toMillis() / pace);
        AtomicLong left = new AtomicLong(beats);
        vertx.setPeriodic(pace, timer -> {
            heartbeats.publish();
            if (left.decrementAndGet() == 0) {
                long newPace = pace();
                left.set(beats);
                if (newPace != pace) {
                    vertx.cancelTimer(timer);
                    publishAtPace(heartbeats, newPace);
                }
            }
        });
    }

    @Override
    public Future<?> stop() {
        return port.map(CommandPort::close).orElseGet(Future::succeededFuture);
    }

    // ---- from the agents

    @Override
    public void received(NodeRef ref, Route route, AgentMessage message) {
        long now = monotonicMillis();
        Node node = nodes.get(ref);
        if (message instanceof AgentMessage.Goodbye) {
            goodbye(ref, message);
            return;
        }
        if (node != null && !node.session.isOf(message)) {
            replaced(node, route, message, now);
            node = null;
        }
        if (node == null && isContested(ref, route, message, now)) {
            return;
        }
        JobRelation relation = jobs.relation(ref, message);
        if (node == null) {
            node = newNode(ref, route, message, relation);
        } else if (route.isNewerThan(node.session.route())) {
            node.judgeBy(rulesFor(port.orElseThrow().told(new Recipient(ref, route))), listening.millis());
        } else if (lostConnections.isLost(node)) {
            // it has this connection, too, and the one that was thought to be its newest has ended
            moveTo(node, route);
        }
        node.lastSeenMillis = now;
        if (ofWrongTime.remove(node)) {
            timeIsRight(node);
        }
        if (node.notUnderstood) {
            node.notUnderstood = false;
            carryOut(node, node.session.missed(), message);
        }
        if (message instanceof AgentMessage.Heartbeat heartbeat) {
            node.maxCommitBytes = heartbeat.maxCommitBytes().orElse(0);
            long listened = listening.millis();
            node.health.beat(listened);
            node.life.beat(listened);
            node.lastBeatMillis = now;
            node.lastSignMillis = now;
            node.jobId = message.jobId();
        }
        carryOut(node, node.session.on(message, route, relation), message);
        boolean overTaken = node.nextRoute.isPresent() && !node.nextRoute.get().isNewerThan(node.session.route());
        if (overTaken || lostConnections.isLost(node)) {
            connectionReplaced(node);
        }
    }

    /** Its own last word, not that of another agent of the node's name. */
    private void goodbye(NodeRef ref, AgentMessage message) {
        Node node = nodes.get(ref);
        if (node != null && node.session.isOf(message)) {
            down(node, "its agent was stopped", NodeMemory.Departure.GOODBYE);
        } else if (node == null && held.remove(ref)) {
            reportDown(ref);
        }
    }

    /**
     * The message is of a wrong time, so that it may be an old one that somebody has kept, and must not change anything; but
     * its agent lives, and jobs that run on the node go on.
     */
    @Override
    public void alive(NodeRef ref, Route route, AgentMessage message) {
        long now = monotonicMillis();
        Node node = nodes.get(ref);
        boolean awaited = held.contains(ref) || jobs.isAwaited(ref);
        if (node == null && awaited && !memory.isContested(ref)) {
            node = newNode(ref, route, message, JobRelation.TAKES_PART);
            node.lastSeenMillis = now;
            timeIsWrong(node);
        }
        if (node == null || !node.session.isOf(message)) {
            return;
        }
        if (message instanceof AgentMessage.Heartbeat) {
            node.life.beat(listening.millis());
            node.lastSignMillis = now;
        }
        node.notUnderstood = true;
        if (!route.equals(node.session.route())) {
            // without an answer on its new connection it would fetch its configuration over and over
            port.orElseThrow().send(new Recipient(ref, route), new ServerMessage.Ack());
        }
    }

    private void timeIsWrong(Node node) {
        if (ofWrongTime.add(node)) {
            node.updatedAt = clock.instant();
            countNode(node);
            LOG.info(
                    "node is unavailable, the time of its messages is wrong; jobs that it has go on [org: {}, node: {}]",
                    node.ref.orgGuid(),
                    node.ref.node());
        }
    }

    private void timeIsRight(Node node) {
        // what came while its time was wrong says nothing against it
        node.health = new HeartbeatHealth(rulesFor(port.orElseThrow().told(node.recipient())), listening.millis());
        node.updatedAt = clock.instant();
        countNode(node);
        LOG.info(
                "the time of the node's messages is right again [org: {}, node: {}]",
                node.ref.orgGuid(),
                node.ref.node());
    }

    private Node newNode(NodeRef ref, Route route, AgentMessage message, JobRelation relation) {
        boolean wanted = held.remove(ref) || relation == JobRelation.TAKES_PART || jobs.isAwaited(ref);
        List<Effect> effects = new ArrayList<>(2);
        NodeSession session = NodeSession.start(message, route, wanted, effects);
        long listened = listening.millis();
        HeartbeatHealth.Rules rules = rulesFor(port.orElseThrow().told(new Recipient(ref, route)));
        Node node = new Node(
                ref,
                session,
                new HeartbeatHealth(rules, listened),
                new HeartbeatHealth(rules, listened),
                message.envelope(),
                clock.instant(),
                monotonicMillis());
        nodes.put(ref, node);
        memory.cameBack(ref);
        LOG.info(
                "agent connected [org: {}, node: {}, host: {}]",
                message.envelope().org(),
                ref.node(),
                message.envelope().client());
        carryOut(node, effects, message);
        return node;
    }

    /** A node is judged by the interval that its agent was told, which is not this server's until it has fetched anew. */
    private HeartbeatHealth.Rules rulesFor(Optional<ToldConfig> told) {
        return rules(told.map(ToldConfig::intervalMillis)
                .orElseGet(() -> Math.toIntExact(health.heartbeatInterval().toMillis())));
    }

    private HeartbeatHealth.Rules rules(int intervalMillis) {
        return new HeartbeatHealth.Rules(intervalMillis, health.decayWindow(), health.downThreshold());
    }

    private void replaced(Node node, Route route, AgentMessage message, long now) {
        Rivalry.Rival successor = rival(route, message);
        boolean proven = memory.replaced(node.ref, node.rival(), node.lastSeenMillis, successor, now, clock.instant());
        down(node, proven ? "more than one agent uses its name" : "its agent was restarted", NodeMemory.Departure.LOST);
        if (proven) {
            LOG.warn(
                    "two agents use one name, the node is unavailable until only one does"
                            + " [org: {}, node: {}, agents: {} and {}]",
                    message.envelope().org(),
                    node.ref.node(),
                    node.rival().description(),
                    successor.description());
        }
    }

    private static Rivalry.Rival rival(Route route, AgentMessage message) {
        AgentEnvelope envelope = message.envelope();
        return Node.rival(envelope.incarnationId(), AgentContact.client(envelope), route);
    }

    /** Each agent of a contested node still gets its first answer, or it would fetch its configuration over and over. */
    private boolean isContested(NodeRef ref, Route route, AgentMessage message, long now) {
        if (!memory.isContested(ref)) {
            return false;
        }
        Rivalry.Rival rival = rival(route, message);
        memory.heard(ref, rival, now);
        if (!memory.isContested(ref)) {
            LOG.info(
                    "only one agent uses the name again [org: {}, node: {}, agent: {}]",
                    message.envelope().org(),
                    ref.node(),
                    rival.description());
            return false;
        }
        if (memory.isNewRoute(ref, rival, route)) {
            port.orElseThrow().send(new Recipient(ref, route), new ServerMessage.Ack());
        }
        return true;
    }

    private void carryOut(Node node, List<Effect> effects, AgentMessage cause) {
        for (Effect effect : effects) {
            switch (effect) {
                case FORWARD -> report(new NodeReport.Said(cause.jobId().orElseThrow(), node.ref.node(), cause));
                case DISMISS -> dismiss(node, cause);
                case REPORT_IDLE -> jobs.of(node.ref).forEach(job -> report(new NodeReport.Idle(job, node.ref.node())));
                case SEND_ABORT, SEND_ACK, AVAILABILITY_CHANGED, REPORT_DOUBT -> carryOut(node, effect);
            }
        }
    }

    private void carryOut(Node node, Effect effect) {
        switch (effect) {
            case SEND_ABORT -> send(node, new ServerMessage.Abort());
            case SEND_ACK -> send(node, new ServerMessage.Ack());
            case AVAILABILITY_CHANGED -> {
                node.updatedAt = clock.instant();
                if (node.session.state() == NodeSession.State.REHAB) {
                    inRehab.add(node);
                } else {
                    inRehab.remove(node);
                }
                countNode(node);
            }
            case REPORT_DOUBT -> jobs.of(node.ref).forEach(job -> report(new NodeReport.InDoubt(job, node.ref.node())));
            case FORWARD, DISMISS, REPORT_IDLE -> throw new IllegalStateException(effect + " needs a message");
        }
    }

    private void dismiss(Node node, AgentMessage message) {
        String jobId = message.jobId().orElse("");
        send(
                node,
                message instanceof AgentMessage.OutputChunk chunk
                        ? new ServerMessage.AckOutput(jobId, chunk.channel(), chunk.offset(), false)
                        : new ServerMessage.AckResult(jobId));
    }

    private boolean isAvailable(Node node) {
        return node.session.state() == NodeSession.State.IDLE
                && !lostConnections.isUnavailable(node)
                && !ofWrongTime.contains(node);
    }

    private void countNode(Node node) {
        countNode(node, isAvailable(node));
    }

    private void countNode(Node node, boolean available) {
        if (node.countedAsAvailable != available) {
            node.countedAsAvailable = available;
            availableNodes += available ? 1 : -1;
        }
        metrics.nodes(availableNodes, nodes.size() - availableNodes);
    }

    private void send(Node node, ServerMessage message) {
        port.orElseThrow().send(node.recipient(), message);
    }

    private void repeatAborts() {
        for (Node node : List.copyOf(inRehab)) {
            node.session.rehabTimer().forEach(effect -> carryOut(node, effect));
        }
    }

    // ---- connections

    /** An agent that has a new connection is reached over it, also before it speaks, if the other one has ended. */
    @Override
    public void connected(NodeRef ref, Route route) {
        Node node = nodes.get(ref);
        if (node == null || !route.isNewerThan(node.session.route())) {
            return;
        }
        if (lostConnections.isLost(node)) {
            moveTo(node, route);
        } else {
            node.nextRoute = Optional.of(route);
        }
    }

    @Override
    public void disconnected(NodeRef ref, Route route) {
        Node node = nodes.get(ref);
        if (node == null) {
            return;
        }
        if (node.nextRoute.filter(route::equals).isPresent()) {
            node.nextRoute = Optional.empty();
        }
        if (!node.session.route().equals(route)) {
            return;
        }
        lostConnections.lost(node, listening.millis());
        node.nextRoute.ifPresent(next -> moveTo(node, next));
    }

    private void moveTo(Node node, Route route) {
        node.session.moveTo(route).forEach(effect -> carryOut(node, effect));
        node.judgeBy(rulesFor(port.orElseThrow().told(node.recipient())), listening.millis());
        connectionReplaced(node);
    }

    private void connectionReplaced(Node node) {
        boolean wasUnavailable = lostConnections.isUnavailable(node);
        node.nextRoute = Optional.empty();
        lostConnections.over(node);
        if (wasUnavailable) {
            node.updatedAt = clock.instant();
            countNode(node);
        }
    }

    private void checkLostConnections() {
        long now = listening.millis();
        for (Node node : lostConnections.newlyUnavailable(now)) {
            LOG.info(
                    "the connection of a node ended and was not replaced, the node is unavailable for new jobs"
                            + " [org: {}, node: {}, address: {}]",
                    node.ref.orgGuid(),
                    node.ref.node(),
                    node.session.route().address());
            node.updatedAt = clock.instant();
            countNode(node);
        }
        lostConnections.newlyUnreachable(now).forEach(node -> reportUnreachable(node.ref));
    }

    // ---- silence

    private void findSilentNodes() {
        long now = listening.millis();
        List<Node> silent =
                nodes.values().stream().filter(node -> isDown(node, now)).toList();
        memory.forgetQuiet(monotonicMillis());
        for (Node node : silent) {
            if (node.life.isDown(now)) {
                leave(
                        node,
                        "last heartbeat " + (monotonicMillis() - node.lastSignMillis) / 1000 + " s ago",
                        NodeMemory.Departure.LOST);
            } else {
                timeIsWrong(node);
            }
        }
        holdOrReportDown(silent.stream()
                .filter(node -> nodes.get(node.ref) != node)
                .map(node -> node.ref)
                .filter(jobs::isWatched)
                .toList());
    }

    private void down(Node node, String reason, NodeMemory.Departure departure) {
        leave(node, reason, departure);
        reportDown(node.ref);
    }

    private void leave(Node node, String reason, NodeMemory.Departure departure) {
        nodes.remove(node.ref);
        inRehab.remove(node);
        ofWrongTime.remove(node);
        lostConnections.over(node);
        countNode(node, false);
        memory.left(node.ref, contact(node), clock.instant(), departure);
        LOG.info("node went down [org: {}, node: {}, reason: {}]", node.ref.orgGuid(), node.ref.node(), reason);
    }

    private void holdOrReportDown(Collection<NodeRef> silent) {
        if (silent.isEmpty()) {
            return;
        }
        Set<NodeRef> connected = port.map(CommandPort::connectedNodes).orElse(Set.of());
        for (NodeRef ref : silent) {
            if (connected.contains(ref)) {
                LOG.info(
                        "a node of a job is silent, but its connection is open: its command may go on"
                                + " [org: {}, node: {}]",
                        ref.orgGuid(),
                        ref.node());
                held.add(ref);
                reportUnreachable(ref);
            } else {
                reportDown(ref);
            }
        }
    }

    /**
     * An agent that was told a longer interval just now is judged by it, before it has sent anything at the new pace; one whose
     * large message waits to be read may have sent heartbeats after it.
     */
    private boolean isDown(Node node, long now) {
        if (!node.health.isDown(now) || isHeldUp(node)) {
            return false;
        }
        int told = toldIntervalMillis(node.ref);
        if (told > node.health.intervalMillis()) {
            node.judgeBy(rules(told), now);
        }
        return node.health.isDown(now);
    }

    private boolean isHeldUp(Node node) {
        int within = node.health.intervalMillis();
        CommandPort open = port.orElseThrow();
        return open.isHeldUp(node.recipient(), within)
                || node.nextRoute
                        .filter(route -> open.isHeldUp(new Recipient(node.ref, route), within))
                        .isPresent();
    }

    private int toldIntervalMillis(NodeRef ref) {
        return ports.lastTold(ref).map(ToldConfig::intervalMillis).orElse(0);
    }

    private void checkHeldNodes() {
        held.removeIf(ref -> !jobs.isWatched(ref));
        if (held.isEmpty()) {
            return;
        }
        Set<NodeRef> connected = port.map(CommandPort::connectedNodes).orElse(Set.of());
        List<NodeRef> gone =
                held.stream().filter(ref -> !connected.contains(ref)).toList();
        gone.forEach(held::remove);
        gone.forEach(this::reportDown);
    }

    private void reportDown(NodeRef ref) {
        jobs.of(ref).forEach(job -> report(new NodeReport.Down(job, ref.node())));
    }

    private void reportUnreachable(NodeRef ref) {
        jobs.of(ref).forEach(job -> report(new NodeReport.Unreachable(job, ref.node())));
    }

    // ---- from the jobs

    private void handle(NodeCommand command) {
        switch (command) {
            case NodeCommand.Watch(String jobId, String orgGuid, List<String> names) -> {
                for (NodeRef ref : jobs.watch(jobId, orgGuid, names)) {
                    Node node = nodes.get(ref);
                    if (node == null || !isAvailable(node)) {
                        report(new NodeReport.Down(jobId, ref.node()));
                    }
                }
            }
            case NodeCommand.WatchResumed(String jobId, String orgGuid, List<String> names) -> {
                Set<NodeRef> awaited = jobs.watch(jobId, orgGuid, names);
                jobs.beginWait(jobId);
                afterListening(graceMillis(awaited), () -> endGrace(jobId, awaited, Set.of()));
            }
            case NodeCommand.Unwatch(String jobId) -> jobs.unwatch(jobId);
            case NodeCommand.Send(String orgGuid, List<String> names, ServerMessage message) -> {
                List<Recipient> plain = new ArrayList<>(names.size());
                List<Recipient> extended = new ArrayList<>(names.size());
                Optional<CommitSize> size = CommitSize.of(message);
                for (Node node : withSession(orgGuid, names)) {
                    Optional<TooLarge> tooLarge = size.flatMap(known -> node.refuses(known, maxBodySizeBytes));
                    if (tooLarge.isPresent()) {
                        refuse(node, message, tooLarge.get());
                    } else if (isForRehab(message) || takes(node, message)) {
                        (node.isExtended() ? extended : plain).add(node.recipient());
                    } else {
                        notSent(node, message);
                    }
                }
                port.ifPresent(open -> {
                    open.send(extended, message);
                    open.send(plain, withoutExtensions(message));
                });
            }
            case NodeCommand.Rehabilitate(String orgGuid, List<String> names) -> {
                for (Node node : withSession(orgGuid, names)) {
                    if (!worksForAnotherJob(node)) {
                        node.session.rehabilitate().forEach(effect -> carryOut(node, effect));
                    }
                }
            }
        }
    }

    /**
     * It was not there when the job was looked at, or has changed since. A job that has asked it before wants to hear again that
     * it does nothing.
     */
    private void refuse(Node node, ServerMessage message, TooLarge tooLarge) {
        if (message instanceof ServerMessage.Commit commit) {
            node.session.missed();
            report(new NodeReport.Refuses(commit.jobId(), node.ref.node(), tooLarge.reason()));
        }
    }

    /** Once it says that it does nothing, the job that the message is of asks it again. */
    private void notSent(Node node, ServerMessage message) {
        Optional<String> jobId = switch (message) {
            case ServerMessage.Commit commit -> Optional.of(commit.jobId());
            case ServerMessage.Run run -> Optional.of(run.jobId());
            case ServerMessage.Abort _, ServerMessage.Ack _, ServerMessage.AckResult _, ServerMessage.AckOutput _ ->
                Optional.empty();
        };
        jobId.ifPresent(id -> {
            node.session.missed();
            report(new NodeReport.InDoubt(id, node.ref.node()));
        });
    }

    /** A node whose time is wrong takes no new job, and goes on with the one that it has. */
    private boolean takes(Node node, ServerMessage message) {
        return message instanceof ServerMessage.Commit
                ? isAvailable(node)
                : node.session.state() == NodeSession.State.IDLE;
    }

    /** A job that found the node unavailable for its wrong time must not end what another job has it do. */
    private boolean worksForAnotherJob(Node node) {
        return ofWrongTime.contains(node) && jobs.of(node.ref).size() > 1;
    }

    private static boolean isForRehab(ServerMessage message) {
        return message instanceof ServerMessage.Abort || message instanceof ServerMessage.AckResult;
    }

    static ServerMessage withoutExtensions(ServerMessage message) {
        return message instanceof ServerMessage.Commit commit
                ? new ServerMessage.Commit(commit.jobId(), commit.server(), commit.spec())
                : message;
    }

    /** By the longest interval that one of them was told: a silent agent may be one that has yet to send. */
    private long graceMillis(Set<NodeRef> awaited) {
        long interval = awaited.stream()
                .mapToLong(this::toldIntervalMillis)
                .reduce(health.heartbeatInterval().toMillis(), Math::max);
        return interval * RESUME_GRACE_INTERVALS + RESUME_GRACE_EXTRA.toMillis();
    }

    /**
     * Those that have not come back are down, but for agents that know other ports only: they come when they have fetched their
     * configuration, and get the usual time once they have.
     *
     * @param wereElsewhere nodes that were waited for longer for this reason
     */
    private void endGrace(String jobId, Set<NodeRef> awaited, Set<NodeRef> wereElsewhere) {
        if (!jobs.isLive(jobId)) {
            return;
        }
        Set<NodeRef> elsewhere = new HashSet<>();
        Set<NodeRef> awaitedStill = new HashSet<>();
        List<NodeRef> silent = new ArrayList<>();
        awaited.stream().filter(ref -> !nodes.containsKey(ref)).forEach(ref -> {
            if (isElsewhere(ref)) {
                elsewhere.add(ref);
                awaitedStill.add(ref);
            } else if (wereElsewhere.contains(ref)) {
                awaitedStill.add(ref);
            } else {
                silent.add(ref);
            }
        });
        holdOrReportDown(silent);
        if (awaitedStill.isEmpty()) {
            jobs.endWait(jobId);
        } else {
            afterListening(graceMillis(awaitedStill), () -> endGrace(jobId, awaitedStill, elsewhere));
        }
    }

    /** Does something when the server has listened for so long. */
    private void afterListening(long millis, Runnable action) {
        whenListened(listening.millis() + millis, action);
    }

    private void whenListened(long due, Runnable action) {
        vertx.setTimer(Math.max(1, due - listening.millis()), _ -> {
            if (listening.millis() >= due) {
                action.run();
            } else {
                whenListened(due, action);
            }
        });
    }

    /**
     * Whether the node's agent was told other addresses than this server's: it fetches its configuration when its command has
     * ended, and cannot be heard before.
     */
    private boolean isElsewhere(NodeRef ref) {
        return ports.lastTold(ref)
                .filter(told -> current.filter(told::sameAddresses).isEmpty())
                .isPresent();
    }

    private List<Node> withSession(String orgGuid, List<String> names) {
        return names.stream()
                .map(name -> nodes.get(new NodeRef(orgGuid, name)))
                .filter(Objects::nonNull)
                .toList();
    }

    private void report(NodeReport report) {
        vertx.eventBus().send(REPORTS, report, LocalCodec.options());
    }

    // ---- questions

    private void answer(Message<NodeQuery> question) {
        Object answer = switch (question.body()) {
            case NodeQuery.OfOrganisation(String orgGuid) ->
                nodes.values().stream()
                        .filter(node -> node.ref.orgGuid().equals(orgGuid))
                        .map(this::stateOf)
                        .toList();
            case NodeQuery.OfNode(NodeRef ref) -> nodes.containsKey(ref) ? List.of(stateOf(nodes.get(ref))) : List.of();
            case NodeQuery.Count _ -> nodes.size();
            case NodeQuery.Refusing(String orgGuid, List<String> names, CommitSize size) ->
                withSession(orgGuid, names).stream()
                        .flatMap(node -> node.refuses(size, maxBodySizeBytes).stream())
                        .toList();
            case NodeQuery.FactsOfNode(NodeRef ref) -> facts(ref);
            case NodeQuery.FactsOfOrganisation(String orgGuid, Set<String> given) -> {
                Set<String> names = new HashSet<>(given);
                nodes.keySet().stream()
                        .filter(ref -> ref.orgGuid().equals(orgGuid))
                        .forEach(ref -> names.add(ref.node()));
                memory.addNames(orgGuid, names);
                yield names.stream()
                        .map(name -> facts(new NodeRef(orgGuid, name)))
                        .toList();
            }
        };
        question.reply(answer, LocalCodec.options());
    }

    private NodeState stateOf(Node node) {
        return new NodeState(node.ref, isAvailable(node), node.updatedAt);
    }

    private NodeFacts facts(NodeRef ref) {
        Optional<Node> node = Optional.ofNullable(nodes.get(ref));
        return memory.facts(ref, node.map(this::session), node.map(this::contact), node.map(known -> known.updatedAt));
    }

    private NodeFacts.Session session(Node node) {
        Optional<String> job = jobs.of(node.ref).stream().findFirst();
        return new NodeFacts.Session(isAvailable(node), lostConnections.isUnavailable(node), job.or(() -> node.jobId));
    }

    private AgentContact contact(Node node) {
        return new AgentContact(
                timeOf(node.lastSeenMillis),
                timeOf(node.lastBeatMillis),
                node.session.route().address(),
                node.client,
                node.protocolVersion);
    }

    private Instant timeOf(long monotonicMillis) {
        return clock.instant().minusMillis(monotonicMillis() - monotonicMillis);
    }

    private static long monotonicMillis() {
        return System.nanoTime() / 1_000_000;
    }
}
