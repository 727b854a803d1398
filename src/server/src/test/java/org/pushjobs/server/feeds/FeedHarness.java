package org.pushjobs.server.feeds;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.config.FeedConfig;
import org.pushjobs.config.JobRecovery;
import org.pushjobs.config.JobsConfig;
import org.pushjobs.protocol.message.AgentEnvelope;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.JobSpec;
import org.pushjobs.protocol.message.ServerMessage;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.bus.LocalCodec;
import org.pushjobs.server.jobs.Coordinator;
import org.pushjobs.server.jobs.JobRequest;
import org.pushjobs.server.jobs.JobsOverBus;
import org.pushjobs.server.jobs.model.JobTerms;
import org.pushjobs.server.metrics.ServerMetrics;
import org.pushjobs.server.nodes.NodeCommand;
import org.pushjobs.server.nodes.NodeReport;
import org.pushjobs.server.nodes.NodeSessions;
import org.pushjobs.server.store.Database;
import org.pushjobs.server.store.EventStore;
import org.pushjobs.server.store.FencedWrites;
import org.pushjobs.server.store.JobStore;
import org.pushjobs.server.store.OutputStore;
import org.pushjobs.server.testing.Await;

/**
 * The coordinator with a real database and real feeds over HTTP, without signatures; instead of the node sessions there are
 * nodes that answer on the event bus, each at a random moment within the spread.
 */
final class FeedHarness implements AutoCloseable {
    static final String ORG_GUID = "00112233445566778899aabbccddeeff";

    private final Vertx vertx = Vertx.vertx();
    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Random random = new Random(1);
    private final Database database;
    private final JobStore jobs;
    private final FeedSetup setup;
    private final FeedVerticle feeds;
    private final Duration spread;

    private FeedHarness(DatabaseConfig.External config, FeedLimits limits, Duration spread) {
        this.spread = spread;
        LocalCodec.register(vertx);
        this.database = Database.open(vertx, config);
        this.jobs = new JobStore(database.pool());
        this.setup = new FeedSetup(
                new EventStore(database.pool()),
                new OutputStore(database.pool(), database.writes()),
                limits,
                new FeedConfig(Duration.ofSeconds(60), Duration.ofSeconds(60), Duration.ofSeconds(15)),
                new ServerMetrics(meters),
                Clock.systemUTC());
        this.feeds = new FeedVerticle();
    }

    static FeedHarness start(DatabaseConfig.External config, FeedLimits limits, Duration spread) {
        FeedHarness harness = new FeedHarness(config, limits, spread);
        Await.result(harness.database.ready());
        harness.vertx
                .eventBus()
                .<NodeCommand>localConsumer(NodeSessions.COMMANDS, message -> harness.handle(message.body()));
        Await.result(harness.vertx.deployVerticle(new Coordinator(
                new Coordinator.Settings(
                        "test",
                        new JobsConfig(
                                Duration.ofSeconds(60),
                                Duration.ofHours(1),
                                Duration.ofSeconds(30),
                                JobRecovery.RESUME,
                                Duration.ZERO),
                        Duration.ofSeconds(1),
                        0,
                        65_536),
                harness.jobs,
                new OutputStore(harness.database.pool(), harness.database.writes()),
                new FencedWrites(harness.database.writes(), 0),
                new ServerMetrics(harness.meters),
                Clock.systemUTC())));
        Await.result(harness.vertx.deployVerticle(harness.feeds));
        return harness;
    }

    int port() {
        return feeds.port;
    }

    double readers() {
        return meters.get(ServerMetrics.FEED_READERS).gauge().value();
    }

    double cut() {
        return meters.get(ServerMetrics.FEED_READERS_CUT).counter().count();
    }

    /** @return the job's id */
    String startJob(int nodes) {
        List<String> names = IntStream.range(0, nodes)
                .mapToObj("node-%04d.rack-17.row-4.floor-2.building-c.datacenter-9.eu-central.example.com"::formatted)
                .toList();
        JobSpec spec =
                new JobSpec("true", Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), false);
        return Await.result(new JobsOverBus(vertx.eventBus())
                .start(new JobRequest(ORG_GUID, "alice", new JobTerms(spec, names, nodes, 3600))));
    }

    private void handle(NodeCommand command) {
        if (command instanceof NodeCommand.Send(String _, List<String> nodes, ServerMessage message)) {
            switch (message) {
                case ServerMessage.Commit commit ->
                    nodes.forEach(node -> later(commit.jobId(), node, AgentMessage.AckCommit::new));
                case ServerMessage.Run run ->
                    nodes.forEach(node -> later(run.jobId(), node, AgentMessage.AckRun::new)
                            .onSuccess(_ -> later(
                                    run.jobId(),
                                    node,
                                    envelope -> new AgentMessage.Succeeded(envelope, Optional.empty()))));
                case ServerMessage.Abort _,
                        ServerMessage.Ack _,
                        ServerMessage.AckResult _,
                        ServerMessage.AckOutput _ -> {
                    // nobody is out of line here
                }
            }
        }
    }

    private Future<Void> later(String job, String node, Function<AgentEnvelope, AgentMessage> message) {
        long delay = 1 + random.nextInt((int) spread.toMillis());
        return vertx.timer(delay, TimeUnit.MILLISECONDS).map(_ -> {
            AgentEnvelope envelope =
                    new AgentEnvelope(node, "test", "acme", 1, Instant.now(), "incarnation", Optional.of(job));
            vertx.eventBus()
                    .send(
                            NodeSessions.REPORTS,
                            new NodeReport.Said(job, node, message.apply(envelope)),
                            LocalCodec.options());
            return null;
        });
    }

    @Override
    public void close() throws TimeoutException {
        database.close().await(10, TimeUnit.SECONDS);
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    /** {@code GET /ID} is the feed of a job. */
    private final class FeedVerticle extends VerticleBase {
        private volatile int port;
        private Feeds served;

        @Override
        public Future<?> start() {
            served = new Feeds(vertx, setup);
            return vertx.createHttpServer(new HttpServerOptions()
                            .setHost("127.0.0.1")
                            .setPort(0)
                            .setSendBufferSize(setup.limits().systemBufferBytes()))
                    .requestHandler(this::serve)
                    .listen()
                    .onSuccess(server -> port = server.actualPort());
        }

        private void serve(HttpServerRequest request) {
            jobs.find(ORG_GUID, request.path().substring(1))
                    .map(job -> served.followJob(
                            request,
                            job.orElseThrow(),
                            Feeds.Content.EVENTS,
                            EnvValues.SHOWN,
                            Optional.ofNullable(request.getHeader("Last-Event-ID"))))
                    .onSuccess(stream -> request.response().closeHandler(_ -> stream.closed()))
                    .onFailure(cause -> {
                        int status = cause instanceof ServerException refusal ? refusal.status() : 500;
                        request.response().setStatusCode(status).end();
                    });
        }
    }
}
