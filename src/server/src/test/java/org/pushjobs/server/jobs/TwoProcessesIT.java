package org.pushjobs.server.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.config.JobRecovery;
import org.pushjobs.config.JobsConfig;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.message.AgentEnvelope;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.JobSpec;
import org.pushjobs.protocol.message.Output;
import org.pushjobs.protocol.message.ServerMessage;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.cluster.TestCluster;
import org.pushjobs.server.facts.Capabilities;
import org.pushjobs.server.facts.Fact;
import org.pushjobs.server.facts.Facts;
import org.pushjobs.server.facts.LinesOverBus;
import org.pushjobs.server.facts.Order;
import org.pushjobs.server.facts.Standing;
import org.pushjobs.server.facts.TermBeat;
import org.pushjobs.server.facts.TermLocation;
import org.pushjobs.server.jobs.directory.ToldConfigs;
import org.pushjobs.server.jobs.lease.EndedHolders;
import org.pushjobs.server.jobs.model.JobStatus;
import org.pushjobs.server.jobs.model.JobTerms;
import org.pushjobs.server.metrics.ServerMetrics;
import org.pushjobs.server.nodes.NodeState;
import org.pushjobs.server.nodes.NodeStatesOverBus;
import org.pushjobs.server.store.Database;
import org.pushjobs.server.store.FencedWrites;
import org.pushjobs.server.store.JobStore;
import org.pushjobs.server.store.LeaseStore;
import org.pushjobs.server.store.NodeKeyStore;
import org.pushjobs.server.store.OutputStore;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.PostgresExtension;

/** The coordinator is in one process, API and gateway are in another one. */
@ExtendWith(PostgresExtension.class)
class TwoProcessesIT {
    private static final String ORG = "0123456789abcdef0123456789abcdef";
    private static final NodeRef NODE = new NodeRef(ORG, "web-1");
    private static final String GATEWAY = "gateway";

    private final TestCluster cluster = TestCluster.joined(2);
    private final Vertx there = cluster.vertx(0);
    private final Vertx here = cluster.vertx(1);
    private final LinesOverBus lines = new LinesOverBus(here);
    private final TermLocation location = new TermLocation(System::nanoTime);
    private final JobsOverBus jobs = new JobsOverBus(here, location);
    private final Queue<Long> beats = new ConcurrentLinkedQueue<>();
    private final Queue<Order> orders = new ConcurrentLinkedQueue<>();
    private final Queue<Object> announced = new ConcurrentLinkedQueue<>();
    private Database database;
    private String coordinator;

    @BeforeEach
    void deploy(DatabaseConfig.External config) {
        database = Database.open(there, config);
        Await.result(database.ready());
        Await.result(LinesOverBus.orders(here, GATEWAY, batch -> orders.addAll(batch.orders()))
                .completion());
        Await.result(LinesOverBus.beats(here, this::heard).completion());
        Await.result(AnnouncementsOverBus.hearOthers(here, "here"));
        CoordinatorVerticle verticle = new CoordinatorVerticle(there, setup());
        coordinator = Await.result(there.deployVerticle(verticle));
        Await.result(verticle.settled());
    }

    private CoordinatorVerticle.Setup setup() {
        return new CoordinatorVerticle.Setup(
                UUID.randomUUID().toString(),
                EndedHolders.OF_THIS_MACHINE,
                new Term.Settings(
                        "test",
                        new JobsConfig(
                                Duration.ofSeconds(60),
                                Duration.ofHours(1),
                                Duration.ofSeconds(30),
                                JobRecovery.RESUME,
                                Duration.ZERO),
                        Duration.ofMillis(200),
                        0,
                        0,
                        65_536),
                Duration.ofSeconds(3),
                new LeaseStore(database.leases()),
                epoch -> new FencedWrites(database.writes(), epoch),
                new JobStore(database.pool()),
                new OutputStore(database.pool(), database.writes()),
                () -> Optional.of(Set.of(GATEWAY)),
                new NobodyWasTold(),
                new AnnouncementsOverBus(there, "there"),
                new ServerMetrics(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT)).jobs(),
                Clock.systemUTC());
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

    private void heard(TermBeat beat) {
        if (!beats.contains(beat.epoch())) {
            Fact.Attached node =
                    new Fact.Attached(NODE, 1, "agent", Standing.AVAILABLE, Capabilities.PLAIN, Instant.now(), 0);
            lines.send(new Facts(GATEWAY, beat.epoch(), 1, true, 0, List.of(node)));
        }
        location.heard(beat);
        beats.add(beat.epoch());
    }

    @AfterEach
    void close() {
        there.deploymentIDs().forEach(id -> Await.result(there.undeploy(id)));
        Await.result(database.close());
        cluster.close();
    }

    private String start() {
        Await.until(
                "the node is known",
                () -> beats.size() > 1 && orders.stream().anyMatch(Order.WatchAll.class::isInstance));
        return Await.result(jobs.start(
                new JobRequest(ORG, "alice", new JobTerms(JobSpec.of("true"), List.of(NODE.node()), 1, 3600))));
    }

    private <M extends ServerMessage> M sent(Class<M> type) {
        return Await.value(
                        type.getSimpleName() + " arrives",
                        Await.DEADLINE,
                        () -> orders.stream()
                                .flatMap(order -> order instanceof Order.Send(var _, var message)
                                        ? Stream.of(message)
                                        : Stream.empty())
                                .filter(type::isInstance)
                                .map(type::cast)
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    private void says(long first, AgentMessage... messages) {
        List<Fact> facts = LongStream.range(0, messages.length)
                .<Fact>mapToObj(i -> new Fact.Said(NODE, 1, first + i, false, messages[(int) i]))
                .toList();
        lines.send(new Facts(GATEWAY, beats.peek(), first + 1, false, 0, facts));
    }

    private static AgentEnvelope envelope(String jobId) {
        return new AgentEnvelope(NODE.node(), "host", "org", 1, Instant.now(), "agent", Optional.of(jobId));
    }

    private JobStatus status(String jobId) {
        return Await.result(new JobStore(database.pool()).find(ORG, jobId))
                .orElseThrow()
                .status();
    }

    @Test
    void jobRunsOnANodeOfAnotherProcess() {
        String job = start();
        follow(job);

        assertThat(Await.result(jobs.liveIds())).containsExactly(job);
        assertThat(sent(ServerMessage.Commit.class).spec()).isEqualTo(JobSpec.of("true"));
        says(1, new AgentMessage.AckCommit(envelope(job)));
        assertThat(sent(ServerMessage.Run.class).jobId()).isEqualTo(job);
        says(
                2,
                new AgentMessage.AckRun(envelope(job)),
                new AgentMessage.Succeeded(envelope(job), Optional.of(new Output("x".repeat(3 << 20), ""))));
        Await.until("the job is complete", () -> status(job) == JobStatus.COMPLETE);
        Await.until(
                "the reports are acknowledged",
                () -> orders.stream().anyMatch(order -> order.equals(new Order.AckReports(3))));

        assertThat(Await.result(jobs.storeLag())).isZero();
    }

    private void follow(String job) {
        here.eventBus().<Object>localConsumer(StoredEvents.addressOfJob(job), message -> announced.add(message.body()));
        here.eventBus()
                .<Object>localConsumer(
                        StoredEvents.addressOfOrganisation(ORG), message -> announced.add(message.body()));
    }

    @Test
    void whoFollowsAJobInAnotherProcessHearsHowFarItHasGot() {
        String job = start();
        follow(job);

        assertThat(Await.result(jobs.abort(new JobAbortRequest(ORG, job, "alice"))))
                .isEqualTo(JobStatus.ABORTED);

        int last = Await.result(new JobStore(database.pool()).find(ORG, job))
                .orElseThrow()
                .lastEventSeq();
        StoredEvents news = new StoredEvents(job, ORG, last, List.of());
        Await.until(
                "job and organisation hear",
                () -> announced.stream().filter(news::equals).count() == 2);
    }

    @Test
    void refusalsAreTheSameInAnotherProcess() {
        start();

        assertThat(Await.failure(jobs.abort(new JobAbortRequest(ORG, "0".repeat(32), "alice"))))
                .isInstanceOfSatisfying(
                        ServerException.class,
                        failure -> assertThat(failure.status()).isEqualTo(404));
        assertThat(Await.failure(jobs.start(new JobRequest(
                        ORG, "alice", new JobTerms(JobSpec.of("tr\0ue"), List.of(NODE.node()), 1, 3600)))))
                .isInstanceOfSatisfying(
                        ServerException.class,
                        failure -> assertThat(failure.status()).isEqualTo(422))
                .hasMessage("command contains the character U+0000, which cannot be stored");
    }

    @Test
    void nodesAreKnownInAnotherProcess() {
        start();
        NodeStatesOverBus nodes =
                new NodeStatesOverBus(here, location, new NodeKeyStore(database.pool()), (_, _) -> Optional.empty());

        assertThat(Await.result(nodes.list(ORG))).extracting(NodeState::node).containsExactly(NODE);
        assertThat(Await.result(nodes.find(NODE))).map(NodeState::available).contains(true);
        assertThat(Await.result(nodes.find(new NodeRef(ORG, "web-2")))).isEmpty();
        assertThat(Await.result(nodes.count())).isEqualTo(1);
    }

    @Test
    void coordinatorThatStopsSaysSoInAnotherProcess() {
        start();
        Queue<Message<Object>> released = new ConcurrentLinkedQueue<>();
        Await.result(here.eventBus()
                .<Object>consumer("pushjobs.coordinator.released", released::add)
                .completion());

        Await.result(there.undeploy(coordinator));

        Await.until("it is heard that the lease is free", () -> !released.isEmpty());
        assertThat(Await.failure(jobs.abort(new JobAbortRequest(ORG, "0".repeat(32), "alice"))))
                .isInstanceOfSatisfying(
                        ServerException.class,
                        failure -> assertThat(failure.status()).isEqualTo(503));
    }
}
