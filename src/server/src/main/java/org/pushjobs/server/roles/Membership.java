package org.pushjobs.server.roles;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.pushjobs.config.ClusterConfig;
import org.pushjobs.config.ServerConfig;
import org.pushjobs.config.secrets.Secrets;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.server.api.AgentEndpoint;
import org.pushjobs.server.api.AgentTerms;
import org.pushjobs.server.api.AgentWelcome;
import org.pushjobs.server.directory.Directory;
import org.pushjobs.server.gateway.KeyRing;
import org.pushjobs.server.gateway.ServiceTime;
import org.pushjobs.server.spread.GatewayNews;
import org.pushjobs.server.spread.PresentGateways;
import org.pushjobs.server.store.ClusterIdentity;
import org.pushjobs.server.store.ClusterStore;
import org.pushjobs.server.store.Database;
import org.pushjobs.server.store.ToldConfig;

/**
 * What makes a process part of its cluster: the identity that all of it has, the agents' keys, and what agents are told. There
 * once the database has told it and it is known where the agents are to connect. Usable from any thread.
 */
public final class Membership {
    /** An agent's look at a port and the request that follows it are less apart, on a busy machine, too. */
    private static final Duration SETTLING = Duration.ofSeconds(5);

    private final ServerConfig config;
    private final Secrets secrets;
    private final Database database;
    private final AgentKeys agentKeys;
    private final ServiceTime serviceTime;
    private final Promise<Joined> joined = Promise.promise();
    /** Where agents are spread over several; empty where all are told the same. */
    private final Optional<PresentGateways> gateways;

    private volatile Optional<Gateway> gateway = Optional.empty();

    /** What the database has to tell before agents can be let in. */
    record Joined(ClusterIdentity identity, KeyRing keys) {}

    private record Gateway(AgentEndpoint endpoint, long sinceNanos) {}

    public Membership(ServerConfig config, Secrets secrets, Database database, Directory directory, Clock clock) {
        this.config = Objects.requireNonNull(config, "config");
        this.secrets = Objects.requireNonNull(secrets, "secrets");
        this.database = Objects.requireNonNull(database, "database");
        this.gateways = config.cluster().filter(ClusterConfig::spread).map(_ -> new PresentGateways(System::nanoTime));
        this.serviceTime = new ServiceTime(() -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()), this::isReady);
        this.agentKeys = new AgentKeys(database, directory, config.agents().configLifetime(), serviceTime, clock);
    }

    /** To be called until it succeeds once. */
    public Future<Void> join() {
        return new ClusterStore(database.pool())
                .identity(secrets.fingerprint())
                .compose(identity -> agentKeys
                        .load(secrets.sessionKeys(), identity.keyEpoch())
                        .map(keys -> new Joined(identity, keys)))
                .onSuccess(joined::complete)
                .mapEmpty();
    }

    /** What the database has told, once it has. */
    Future<Joined> joined() {
        return joined.future();
    }

    /** The ports of a gateway of this process are open now. */
    void gatewayIsAt(AgentEndpoint endpoint) {
        gateway = Optional.of(new Gateway(endpoint, System.nanoTime()));
    }

    /** This process has no gateway: it is where the settings say, if there is one for all, and may have been there for long. */
    public void gatewayIsElsewhere() {
        if (gateways.isPresent()) {
            return;
        }
        AgentEndpoint endpoint = new AgentEndpoint(
                config.agents().gatewayAddress(),
                config.gateway().heartbeatPort(),
                config.gateway().commandPort());
        gateway = Optional.of(new Gateway(endpoint, System.nanoTime() - SETTLING.toNanos()));
    }

    /** The gateways over which agents are spread; empty where all agents are told the same. */
    public Optional<PresentGateways> gateways() {
        return gateways;
    }

    /** The process of a gateway left the cluster: its agents come to the others, which are to know their keys then. */
    public void gatewayLeft(String gateway) {
        gateways.ifPresent(present -> {
            present.left(gateway);
            joined.future().onSuccess(known -> AgentKeys.compareWithDatabase(known.keys()));
        });
    }

    /** What the agent of a node is told; empty while that is not known. */
    Optional<AgentWelcome> welcome(NodeRef node) {
        return Optional.ofNullable(joined.future().result())
                .flatMap(known -> gateways.isPresent()
                        ? gateways.get()
                                .of(node)
                                .map(news -> new AgentWelcome(terms(endpoint(news)), identity(known, news)))
                        : gateway.map(Gateway::endpoint)
                                .map(endpoint -> new AgentWelcome(terms(endpoint), identity(known, endpoint))));
    }

    private static AgentEndpoint endpoint(GatewayNews news) {
        return new AgentEndpoint(news.host(), news.heartbeatPort(), news.commandPort());
    }

    /** What its heartbeats say, or its agents would fetch their configuration for ever. */
    private static ClusterIdentity identity(Joined known, GatewayNews news) {
        return new ClusterIdentity(news.incarnationId(), known.identity().keyEpoch());
    }

    private AgentTerms terms(AgentEndpoint endpoint) {
        return AgentTerms.of(config, secrets, endpoint);
    }

    /** See {@link org.pushjobs.server.nodes.CurrentConfig}. */
    Optional<ToldConfig> current(NodeRef node, Optional<ToldConfig> told) {
        return places().map(endpoint -> terms(endpoint).told())
                .filter(now -> told.filter(now::sameAddresses).isPresent())
                .findFirst()
                .or(() -> placeOf(node).map(endpoint -> terms(endpoint).told()));
    }

    /** Whether an agent that was told this finds a gateway there. */
    boolean isCurrent(ToldConfig told) {
        return places().anyMatch(endpoint -> terms(endpoint).told().sameAddresses(told));
    }

    private Optional<AgentEndpoint> placeOf(NodeRef node) {
        return gateways.isPresent()
                ? gateways.get().of(node).map(Membership::endpoint)
                : gateway.map(Gateway::endpoint);
    }

    private Stream<AgentEndpoint> places() {
        return gateways.map(present -> present.all().stream().map(Membership::endpoint))
                .orElseGet(() -> gateway.map(Gateway::endpoint).stream());
    }

    /**
     * As agents see it: another one when they are told something else. Where they are told different things it is the one that is
     * stored. Empty while it is not known.
     */
    Optional<ClusterIdentity> identity() {
        Optional<Joined> known = Optional.ofNullable(joined.future().result());
        return gateways.isPresent()
                ? known.map(Joined::identity)
                : known.flatMap(joinedNow -> gateway.map(at -> identity(joinedNow, at.endpoint())));
    }

    ClusterIdentity identity(Joined known, AgentEndpoint endpoint) {
        return known.identity().saying(terms(endpoint).fingerprint());
    }

    /** Whether agents can be told their configuration. */
    boolean isReady() {
        return database.isReady()
                && joined.future().succeeded()
                && places().findAny().isPresent();
    }

    /** Whether that has been so for so long that an agent which found the ports closed before it asked has its answer by now. */
    boolean isSettled() {
        boolean justOpened = gateways.isEmpty()
                && gateway.filter(known -> System.nanoTime() - known.sinceNanos() >= SETTLING.toNanos())
                        .isEmpty();
        return joined.future().succeeded() && places().findAny().isPresent() && !justOpened;
    }

    ServiceTime serviceTime() {
        return serviceTime;
    }
}
