package org.pushjobs.server.roles;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.pushjobs.config.ServerConfig;
import org.pushjobs.config.secrets.Secrets;
import org.pushjobs.server.api.AgentEndpoint;
import org.pushjobs.server.api.AgentTerms;
import org.pushjobs.server.directory.Directory;
import org.pushjobs.server.gateway.KeyRing;
import org.pushjobs.server.gateway.ServiceTime;
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
    private volatile Optional<Gateway> gateway = Optional.empty();

    /** What the database has to tell before agents can be let in. */
    record Joined(ClusterIdentity identity, KeyRing keys) {}

    private record Gateway(AgentEndpoint endpoint, long sinceNanos) {}

    public Membership(ServerConfig config, Secrets secrets, Database database, Directory directory, Clock clock) {
        this.config = Objects.requireNonNull(config, "config");
        this.secrets = Objects.requireNonNull(secrets, "secrets");
        this.database = Objects.requireNonNull(database, "database");
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

    /** This process has no gateway: it is where the settings say, and may have been there for long. */
    public void gatewayIsElsewhere() {
        AgentEndpoint endpoint = new AgentEndpoint(
                config.agents().gatewayAddress(),
                config.gateway().heartbeatPort(),
                config.gateway().commandPort());
        gateway = Optional.of(new Gateway(endpoint, System.nanoTime() - SETTLING.toNanos()));
    }

    /** What agents are told; empty while that is not known. */
    Optional<AgentTerms> terms() {
        return gateway.map(known -> terms(known.endpoint()));
    }

    private AgentTerms terms(AgentEndpoint endpoint) {
        return AgentTerms.of(config, secrets, endpoint);
    }

    /** The same, as it is remembered of agents. */
    Optional<ToldConfig> told() {
        return terms().map(AgentTerms::told);
    }

    /** As agents see it: another one when they are told something else. Empty while it is not known. */
    Optional<ClusterIdentity> identity() {
        return gateway.filter(_ -> joined.future().succeeded())
                .map(known -> identity(joined.future().result(), known.endpoint()));
    }

    ClusterIdentity identity(Joined known, AgentEndpoint endpoint) {
        return known.identity().saying(terms(endpoint).fingerprint());
    }

    /** Whether agents can be told their configuration. */
    boolean isReady() {
        return database.isReady() && joined.future().succeeded() && gateway.isPresent();
    }

    /** Whether that has been so for so long that an agent which found the ports closed before it asked has its answer by now. */
    boolean isSettled() {
        return joined.future().succeeded()
                && gateway.filter(known -> System.nanoTime() - known.sinceNanos() >= SETTLING.toNanos())
                        .isPresent();
    }

    ServiceTime serviceTime() {
        return serviceTime;
    }
}
