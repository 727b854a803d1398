package org.pushjobs.server.feeds;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
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
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.config.FeedConfig;
import org.pushjobs.config.JobRecovery;
import org.pushjobs.config.JobsConfig;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.message.AgentEnvelope;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.JobSpec;
import org.pushjobs.protocol.message.ServerMessage;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.bus.LocalCodec;
import org.pushjobs.server.facts.Capabilities;
import org.pushjobs.server.facts.Fact;
import org.pushjobs.server.facts.Facts;
import org.pushjobs.server.facts.Lines;
import org.pushjobs.server.facts.Order;
import org.pushjobs.server.facts.Orders;
import org.pushjobs.server.facts.Standing;
import org.pushjobs.server.facts.TermBeat;
import org.pushjobs.server.jobs.Announcements;
import org.pushjobs.server.jobs.AnnouncementsOverBus;
import org.pushjobs.server.jobs.FileSpill;
import org.pushjobs.server.jobs.JobCodecs;
import org.pushjobs.server.jobs.JobRequest;
import org.pushjobs.server.jobs.StoredEvents;
import org.pushjobs.server.jobs.StoredOutput;
import org.pushjobs.server.jobs.Term;
import org.pushjobs.server.jobs.directory.ToldConfigs;
import org.pushjobs.server.jobs.model.Channel;
import org.pushjobs.server.jobs.model.JobTerms;
import org.pushjobs.server.jobs.model.OutputKey;
import org.pushjobs.server.jobs.model.OutputPart;
import org.pushjobs.server.metrics.FeedMetrics;
import org.pushjobs.server.metrics.ServerMetrics;
import org.pushjobs.server.store.Database;
import org.pushjobs.server.store.EventStore;
import org.pushjobs.server.store.FencedWrites;
import org.pushjobs.server.store.JobStore;
import org.pushjobs.server.store.OutputStore;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.time.Schedule;

/**
 * A term with a real database and real feeds over HTTP, without signatures; instead of a gateway there are nodes that do what
 * they are told, each at a random moment within the spread.
 */
final class FeedHarness implements AutoCloseable {
    static final String ORG_GUID = "00112233445566778899aabbccddeeff";

    private static final long EPOCH = 0;

    private final Vertx vertx = Vertx.vertx();
    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Random random = new Random(1);
    private final Database database;
    private final JobStore jobs;
    private final FeedSetup setup;
    private final FeedVerticle feeds;
    private final Duration spread;
    private final Announcements announcements;
    private final Context loop = vertx.getOrCreateContext();
    private Term term;
    private long nextFact = 1;
    private long lastReport;
    private boolean told;

    private FeedHarness(DatabaseConfig.External config, FeedLimits limits, Duration spread, TermIs place) {
        this.spread = spread;
        this.announcements = switch (place) {
            case HERE -> new AnnouncementsOverBus(vertx, "process");
            case IN_ANOTHER_PROCESS -> new NumbersOnly();
        };
        JobCodecs.register(vertx);
        this.database = Database.open(vertx, config);
        this.jobs = new JobStore(database.pool());
        this.setup = new FeedSetup(
                new EventStore(database.pool()),
                new OutputStore(database.pool(), database.writes()),
                limits,
                new FeedConfig(Duration.ofSeconds(60), Duration.ofSeconds(60), Duration.ofSeconds(15)),
                new ServerMetrics(meters).feeds(),
                Clock.systemUTC());
        this.feeds = new FeedVerticle();
    }

    /** Where the term is, as far as the feeds see it. */
    enum TermIs {
        HERE,
        IN_ANOTHER_PROCESS
    }

    static FeedHarness start(DatabaseConfig.External config, FeedLimits limits, Duration spread) {
        return start(config, limits, spread, TermIs.HERE);
    }

    static FeedHarness start(DatabaseConfig.External config, FeedLimits limits, Duration spread, TermIs place) {
        FeedHarness harness = new FeedHarness(config, limits, spread, place);
        Await.result(harness.database.ready());
        Await.result(harness.onLoop(harness::establish));
        Await.result(harness.vertx.deployVerticle(harness.feeds));
        return harness;
    }

    int port() {
        return feeds.port;
    }

    double readers() {
        return meters.get(FeedMetrics.READERS).gauge().value();
    }

    double cut() {
        return meters.get(FeedMetrics.READERS_CUT).counter().count();
    }

    /** @return the job's id */
    String startJob(int nodes) {
        List<String> names =
                IntStream.range(0, nodes).mapToObj(FeedHarness::node).toList();
        JobSpec spec =
                new JobSpec("true", Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), false);
        JobRequest request = new JobRequest(ORG_GUID, "alice", new JobTerms(spec, names, nodes, 3600));
        Await.result(onLoop(() -> attached(names)));
        return Await.result(onLoop(() -> term.start(request)));
    }

    static String node(int number) {
        return "node-%04d.rack-17.row-4.floor-2.building-c.datacenter-9.eu-central.example.com".formatted(number);
    }

    /** A command has written something. */
    void write(OutputPart part) {
        assertThat(Await.result(new FencedWrites(database.writes(), EPOCH).append(List.of(part))))
                .isTrue();
        OutputKey key = new OutputKey(part.jobId(), part.node(), part.channel());
        loop.runOnContext(_ -> announcements.stored(new StoredOutput(part.jobId(), ORG_GUID, Set.of(key))));
    }

    private <T> Future<T> onLoop(Supplier<Future<T>> action) {
        Promise<T> done = Promise.promise();
        loop.runOnContext(_ -> action.get().onComplete(done));
        return done.future();
    }

    private Future<Void> establish() {
        term = new Term(new Term.Setup(
                EPOCH,
                new Term.Settings(
                        "test",
                        new JobsConfig(
                                Duration.ofSeconds(60),
                                Duration.ofHours(1),
                                Duration.ofSeconds(30),
                                JobRecovery.RESUME,
                                Duration.ZERO),
                        Duration.ofSeconds(1),
                        0,
                        0,
                        65_536),
                () -> true,
                Schedule.of(vertx),
                Clock.systemUTC(),
                new Gateway(),
                () -> Optional.of(Set.of()),
                new NobodyWasTold(),
                jobs,
                new FencedWrites(database.writes(), EPOCH),
                new OutputStore(database.pool(), database.writes()),
                new FileSpill(vertx),
                announcements,
                new ServerMetrics(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT)).jobs()));
        return term.establish();
    }

    private Future<Void> attached(List<String> names) {
        List<Fact> all = names.stream()
                .<Fact>map(name -> new Fact.Attached(
                        new NodeRef(ORG_GUID, name),
                        1,
                        "incarnation",
                        Standing.AVAILABLE,
                        Capabilities.PLAIN,
                        Instant.now(),
                        0))
                .toList();
        state(!told, all);
        told = true;
        return Future.succeededFuture();
    }

    private void state(boolean whole, List<Fact> facts) {
        term.arrived(new Facts("gateway", EPOCH, nextFact, whole, 0, facts));
        nextFact += facts.size();
    }

    /** Its nodes do what they are told. */
    private final class Gateway implements Lines {
        @Override
        public void send(Facts facts) {
            throw new UnsupportedOperationException("the harness states its facts itself");
        }

        @Override
        public void publish(TermBeat beat) {
            loop.runOnContext(_ -> state(false, List.of()));
        }

        @Override
        public void send(Orders orders) {
            for (Order order : orders.orders()) {
                switch (order) {
                    case Order.Send(List<Order.Addressee> nodes, ServerMessage message) -> handle(nodes, message);
                    case Order.WatchAll _,
                            Order.Watch _,
                            Order.Unwatch _,
                            Order.Rehabilitate _,
                            Order.AckReports _,
                            Order.TellAll _ -> {
                        // it tells everything anyway
                    }
                }
            }
        }
    }

    private void handle(List<Order.Addressee> nodes, ServerMessage message) {
        switch (message) {
            case ServerMessage.Commit commit ->
                nodes.forEach(node -> later(commit.jobId(), node.node(), AgentMessage.AckCommit::new));
            case ServerMessage.Run run ->
                nodes.forEach(node -> later(run.jobId(), node.node(), AgentMessage.AckRun::new)
                        .onSuccess(_ -> later(
                                run.jobId(),
                                node.node(),
                                envelope -> new AgentMessage.Succeeded(envelope, Optional.empty()))));
            case ServerMessage.Abort _, ServerMessage.Ack _, ServerMessage.AckResult _, ServerMessage.AckOutput _ -> {
                // nobody is out of line here
            }
        }
    }

    /** As they come from another process. */
    private final class NumbersOnly implements Announcements {
        @Override
        public void stored(StoredEvents events) {
            publish(
                    StoredEvents.addressOfJob(events.jobId()),
                    new StoredEvents(events.jobId(), events.orgGuid(), events.upTo(), List.of()));
        }

        @Override
        public void stored(StoredOutput output) {
            publish(
                    StoredOutput.addressOfJob(output.jobId()),
                    new StoredOutput(output.jobId(), output.orgGuid(), Set.of()));
        }

        private void publish(String address, Object announcement) {
            vertx.eventBus().publish(address, announcement, LocalCodec.options());
        }
    }

    private static final class NobodyWasTold implements ToldConfigs {
        @Override
        public int intervalMillis(NodeRef node) {
            return 0;
        }

        @Override
        public boolean isElsewhere(NodeRef node) {
            return false;
        }

        @Override
        public Set<NodeRef> nodes() {
            return Set.of();
        }
    }

    private Future<Void> later(String job, NodeRef node, Function<AgentEnvelope, AgentMessage> message) {
        Promise<Void> said = Promise.promise();
        vertx.setTimer(1 + random.nextInt((int) spread.toMillis()), _ -> {
            AgentEnvelope envelope =
                    new AgentEnvelope(node.node(), "test", "acme", 1, Instant.now(), "incarnation", Optional.of(job));
            state(false, List.of(new Fact.Said(node, 1, ++lastReport, false, message.apply(envelope))));
            said.complete();
        });
        return said.future();
    }

    @Override
    public void close() throws TimeoutException {
        database.close().await(10, TimeUnit.SECONDS);
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    /**
     * {@code GET /ID} is the feed of a job, {@code GET /ID?output} the same with output, {@code GET /ID/NODE} the standard output
     * of a node in it.
     */
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
            String[] path = request.path().split("/");
            if (path.length == 3) {
                LiveStream output = served.followOutput(
                        request, jobs, ORG_GUID, new OutputKey(path[1], path[2], Channel.STDOUT), 0);
                request.response().closeHandler(_ -> output.closed());
                return;
            }
            jobs.find(ORG_GUID, path[1])
                    .map(job -> served.followJob(
                            request,
                            job.orElseThrow(),
                            Feeds.Extent.UNTIL_THE_END,
                            request.query() == null ? Feeds.Content.EVENTS : Feeds.Content.EVENTS_AND_OUTPUT,
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
