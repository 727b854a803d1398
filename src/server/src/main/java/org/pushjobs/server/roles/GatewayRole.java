package org.pushjobs.server.roles;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.server.api.AgentEndpoint;
import org.pushjobs.server.facts.TermBeat;
import org.pushjobs.server.gateway.AgentListener;
import org.pushjobs.server.gateway.AgentTimes;
import org.pushjobs.server.gateway.CommandPort;
import org.pushjobs.server.gateway.DepartingAgents;
import org.pushjobs.server.gateway.GatewaySettings;
import org.pushjobs.server.gateway.HeartbeatPublisher;
import org.pushjobs.server.management.HealthCheck;
import org.pushjobs.server.management.Readiness;
import org.pushjobs.server.management.RoleCheck;
import org.pushjobs.server.nodes.GatewayVerticle;
import org.pushjobs.server.rejections.RejectionLog;
import org.pushjobs.server.spread.GatewayNews;
import org.pushjobs.server.spread.PresentGateways;
import org.pushjobs.server.spread.SpreadGateway;
import org.pushjobs.server.store.ToldConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the two ZeroMQ ports and the sessions of the nodes whose agents connect to them. The ports open when a term has told which
 * jobs are live, so that no agent is heard too early; when there is none for longer than a take-over lasts, they open without
 * it, since agents are served and commands go on while nobody coordinates. Whether there is a term in this process or another
 * one makes no difference.
 */
public final class GatewayRole implements Role {
    private static final Logger LOG = LoggerFactory.getLogger(GatewayRole.class);

    /** For loading the jobs, when another process has taken over. */
    private static final Duration TAKE_OVER = Duration.ofSeconds(2);

    private final Shared shared;
    private final AgentTimes agentTimes;
    private final Promise<CommandPort.Ports> opened = Promise.promise();
    private volatile Optional<GatewayVerticle> gateway = Optional.empty();
    private volatile Optional<CommandPort> commandPort = Optional.empty();
    private volatile Optional<SpreadGateway> spread = Optional.empty();
    private volatile Optional<String> deployment = Optional.empty();

    /** @param agentTimes gets told what time it is for agents */
    public GatewayRole(Shared shared, AgentTimes agentTimes) {
        this.shared = Objects.requireNonNull(shared, "shared");
        this.agentTimes = Objects.requireNonNull(agentTimes, "agentTimes");
    }

    @Override
    public Future<Void> start() {
        return shared.membership()
                .joined()
                .compose(this::deploy)
                .compose(verticle -> patiently(verticle.jobsKnown()).compose(_ -> verticle.openPorts()))
                .onSuccess(ports -> {
                    shared.membership().gatewayIsAt(endpoint(ports));
                    opened.complete(ports);
                })
                .mapEmpty();
    }

    private Future<GatewayVerticle> deploy(Membership.Joined joined) {
        GatewayVerticle verticle = new GatewayVerticle(new GatewayVerticle.Setup(
                shared.process(),
                shared.config().health(),
                shared.config().gateway().messages().maxBodySizeBytes(),
                new AgentPorts(joined),
                shared.contacts(),
                shared.metrics(),
                shared.clock()));
        return shared.vertx()
                .deployVerticle(verticle)
                .onSuccess(id -> {
                    deployment = Optional.of(id);
                    gateway = Optional.of(verticle);
                    // or the next beat would have to be waited for
                    shared.term().current().ifPresent(epoch -> verticle.heard(new TermBeat(epoch)));
                })
                .map(verticle);
    }

    private Future<Void> patiently(Future<Void> jobsKnown) {
        Duration patience = shared.config().coordinator().lease().plus(TAKE_OVER);
        return jobsKnown.timeout(patience.toMillis(), TimeUnit.MILLISECONDS).recover(_ -> {
            LOG.warn("no coordinator is active, agents are let in without one [waited: {} s]", patience.toSeconds());
            return Future.succeededFuture();
        });
    }

    private AgentEndpoint endpoint(CommandPort.Ports ports) {
        return new AgentEndpoint(shared.config().agents().gatewayAddress(), ports.heartbeat(), ports.command());
    }

    /** The ports, when they are open. */
    public Future<CommandPort.Ports> ports() {
        return opened.future();
    }

    /** How many connections of agents there are. */
    public int connectionCount() {
        return commandPort.map(CommandPort::connectionCount).orElse(0);
    }

    /** Where agents are led to this gateway and to no other one; empty where all gateways have one address. */
    public Optional<String> ownPlace() {
        return spread.map(SpreadGateway::place);
    }

    /** How many nodes have a session here and are connected. */
    public int nodeCount() {
        return gateway.map(GatewayVerticle::nodesHere).orElse(0);
    }

    /**
     * The agents that there are, which are to go elsewhere; empty while the ports are not open. Where agents are spread they are
     * told of other gateways from now on, elsewhere they go where the address leads.
     */
    public Optional<DepartingAgents> depart() {
        return shared.membership().gateways().isPresent()
                ? spread.map(SpreadGateway::depart)
                : commandPort.filter(CommandPort::isOpen).map(CommandPort::openConnections);
    }

    @Override
    public Future<Void> stop() {
        spread.ifPresent(SpreadGateway::close);
        return deployment.map(shared.vertx()::undeploy).orElse(Future.succeededFuture());
    }

    @Override
    public List<HealthCheck> parts() {
        return List.of(new HealthCheck("gateway", this::problem));
    }

    @Override
    public RoleCheck readiness() {
        return new RoleCheck("gateway", () -> problem().map(Readiness::of));
    }

    private Future<Optional<String>> problem() {
        return gateway.map(GatewayVerticle::comesRound)
                .orElse(Future.succeededFuture())
                .map(_ -> commandPort.filter(CommandPort::isOpen).isPresent()
                        ? Optional.empty()
                        : Optional.of("the ports for agents are not open"));
    }

    private final class AgentPorts implements GatewayVerticle.PortFactory {
        private final Membership.Joined joined;

        private AgentPorts(Membership.Joined joined) {
            this.joined = joined;
        }

        @Override
        public CommandPort commandPort(AgentListener listener) {
            Optional<String> curveKey = shared.config().gateway().clearText()
                    ? Optional.empty()
                    : Optional.of(shared.secrets().curveSecretKey());
            GatewaySettings settings = new GatewaySettings(
                    shared.config().gateway(),
                    curveKey,
                    shared.config().health().heartbeatInterval());
            CommandPort.Setup setup =
                    new CommandPort.Setup(settings, joined.keys(), shared.contacts(), shared.clock(), agentTimes);
            CommandPort port = new CommandPort(
                    shared.vertx(), setup, shared.metrics(), new RejectionLog(shared.clock()), listener);
            commandPort = Optional.of(port);
            return port;
        }

        @Override
        public Optional<ToldConfig> lastTold(NodeRef node) {
            return joined.keys().told(node);
        }

        @Override
        public HeartbeatPublisher heartbeats(CommandPort port, CommandPort.Ports ports) {
            HeartbeatPublisher heartbeats = new HeartbeatPublisher(
                    port,
                    shared.config().agents().serverName(),
                    shared.membership().identity(joined, endpoint(ports)).incarnationId(),
                    shared.secrets().heartbeatPrivateKey(),
                    shared.clock());
            shared.membership().gateways().ifPresent(gateways -> {
                SpreadGateway part = spread(port, endpoint(ports), heartbeats, gateways);
                spread = Optional.of(part);
                part.begin();
            });
            return heartbeats;
        }

        private SpreadGateway spread(
                CommandPort port, AgentEndpoint endpoint, HeartbeatPublisher heartbeats, PresentGateways gateways) {
            shared.metrics()
                    .watch(
                            "pushjobs.spread.asked",
                            "agents that were asked to go to another gateway and are still here",
                            heartbeats::asked);
            return new SpreadGateway(
                    shared.vertx(),
                    GatewayNews.opened(
                            shared.process(),
                            endpoint.host(),
                            endpoint.heartbeatPort(),
                            endpoint.commandPort(),
                            heartbeats.incarnationId()),
                    port,
                    heartbeats,
                    gateways,
                    new SpreadGateway.Times(
                            shared.config().health().heartbeatInterval(),
                            shared.config().agents().configLifetime()));
        }
    }
}
