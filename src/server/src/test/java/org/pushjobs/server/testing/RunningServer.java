package org.pushjobs.server.testing;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.config.secrets.SecretsFile;
import org.pushjobs.config.settings.ConfigFile;
import org.pushjobs.protocol.codec.RejectionReason;
import org.pushjobs.server.Server;
import org.pushjobs.server.metrics.GatewayMetrics;
import org.pushjobs.server.metrics.ServerMetrics;

/** A whole server in this JVM on real PostgreSQL and real sockets, with an organisation in it. */
public final class RunningServer implements AutoCloseable {
    private PrometheusMeterRegistry meters;
    private final ConfigFile config;
    private final Clock machineClock;
    private Server server;
    private Server.Ports ports;
    private final TestOrganisation organisation;

    /** Makes the organisation once the server has migrated its database, or has it from an earlier server. */
    @FunctionalInterface
    private interface Organisation {
        TestOrganisation get() throws Exception;
    }

    private RunningServer(Path directory, JsonObject settings, Clock machineClock, Organisation organisation)
            throws Exception {
        this.machineClock = machineClock;
        config = ConfigFile.read(TestConfig.write(directory, settings));
        startServer();
        this.organisation = organisation.get();
    }

    public static RunningServer start(Path directory, DatabaseConfig.External database, int nodes) throws Exception {
        return start(directory, TestConfig.settings(database), database, nodes);
    }

    public static RunningServer start(Path directory, JsonObject settings, DatabaseConfig.External database, int nodes)
            throws Exception {
        return start(directory, settings, database, nodes, Clock.systemUTC());
    }

    /** @param machineClock may jump */
    public static RunningServer start(
            Path directory, JsonObject settings, DatabaseConfig.External database, int nodes, Clock machineClock)
            throws Exception {
        return new RunningServer(directory, settings, machineClock, () -> TestOrganisation.create(database, nodes));
    }

    /** A server that goes on where another one stopped, with its secrets and its database. */
    public static RunningServer restart(Path directory, JsonObject settings, TestOrganisation organisation)
            throws Exception {
        return new RunningServer(directory, settings, Clock.systemUTC(), () -> organisation);
    }

    private void startServer() throws Exception {
        meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        server = Await.result(Server.open(
                config.config(),
                SecretsFile.loadOrCreate(config.config().secretsFile()),
                new ServerMetrics(meters),
                machineClock));
        ports = Await.result(server.start());
    }

    /** The same server in a new life; its ports are others. */
    public void restart() throws Exception {
        close();
        startServer();
    }

    public Server.Ports ports() {
        return ports;
    }

    public TestOrganisation organisation() {
        return organisation;
    }

    /** Requests signed by the administrator. */
    public ApiClient admin() {
        return organisation.admin(ports.api());
    }

    /** Requests signed by a node. */
    public ApiClient client(String node) {
        return organisation.client(ports.api(), node);
    }

    /** @param tags names and values in turn */
    public int gauge(String name, String... tags) {
        return (int) meters.get(name).tags(tags).gauge().value();
    }

    /** Connections to the command port, those in their handshake too. */
    public int connections() {
        return gauge("pushjobs.connections", "port", "command");
    }

    /** The types of messages that agents have sent. */
    public Set<String> receivedTypes() {
        return meters.find("pushjobs.messages.received").counters().stream()
                .map(counter -> counter.getId().getTag("type"))
                .collect(Collectors.toSet());
    }

    /** How many messages of this type agents have sent. */
    public double received(String type) {
        return meters.get(GatewayMetrics.MESSAGES_RECEIVED)
                .tag("type", type)
                .counter()
                .count();
    }

    /** How many messages were dropped for this reason. */
    public double rejected(RejectionReason reason) {
        return meters.get(GatewayMetrics.MESSAGES_REJECTED)
                .tag("reason", reason.label())
                .counter()
                .count();
    }

    @Override
    public void close() {
        server.stop().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
    }
}
