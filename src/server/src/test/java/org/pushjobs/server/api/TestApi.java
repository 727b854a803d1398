package org.pushjobs.server.api;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Route;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.pushjobs.config.AccessConfig;
import org.pushjobs.config.AddressRange;
import org.pushjobs.config.AgentsConfig;
import org.pushjobs.config.ApiConfig;
import org.pushjobs.config.CoordinatorConfig;
import org.pushjobs.config.CryptoChoice;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.config.DirectoryConfig;
import org.pushjobs.config.EnvAccess;
import org.pushjobs.config.FeedConfig;
import org.pushjobs.config.GatewayConfig;
import org.pushjobs.config.HealthConfig;
import org.pushjobs.config.JobRecovery;
import org.pushjobs.config.JobsConfig;
import org.pushjobs.config.ManagementConfig;
import org.pushjobs.config.ReadAccess;
import org.pushjobs.config.ServerConfig;
import org.pushjobs.config.ServerRole;
import org.pushjobs.config.secrets.ClusterKeys;
import org.pushjobs.config.secrets.Secrets;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.codec.MessageLimits;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.protocol.keys.SessionKeys;
import org.pushjobs.protocol.keys.Z85;
import org.pushjobs.protocol.message.OutputTail;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.directory.Directory;
import org.pushjobs.server.directory.Group;
import org.pushjobs.server.directory.Organisation;
import org.pushjobs.server.directory.Permissions;
import org.pushjobs.server.directory.Principal;
import org.pushjobs.server.feeds.FeedLimits;
import org.pushjobs.server.feeds.FeedSetup;
import org.pushjobs.server.feeds.Feeds;
import org.pushjobs.server.gateway.NodeAdmission;
import org.pushjobs.server.jobs.JobAbortRequest;
import org.pushjobs.server.jobs.JobRequest;
import org.pushjobs.server.jobs.Jobs;
import org.pushjobs.server.jobs.model.Channel;
import org.pushjobs.server.jobs.model.EventRow;
import org.pushjobs.server.jobs.model.JobNode;
import org.pushjobs.server.jobs.model.JobQuery;
import org.pushjobs.server.jobs.model.JobStatus;
import org.pushjobs.server.jobs.model.JobSummary;
import org.pushjobs.server.jobs.model.OrgEventRow;
import org.pushjobs.server.jobs.model.OutputKey;
import org.pushjobs.server.jobs.model.OutputPart;
import org.pushjobs.server.jobs.model.StoredJob;
import org.pushjobs.server.metrics.ServerMetrics;
import org.pushjobs.server.nodes.Gathered;
import org.pushjobs.server.nodes.NodeDetail;
import org.pushjobs.server.nodes.NodeState;
import org.pushjobs.server.nodes.NodeStates;
import org.pushjobs.server.nodes.UnavailableReason;
import org.pushjobs.server.store.AuditRow;
import org.pushjobs.server.store.Claimant;
import org.pushjobs.server.store.ClusterIdentity;
import org.pushjobs.server.store.EventReads;
import org.pushjobs.server.store.JobReads;
import org.pushjobs.server.store.NodeKey;
import org.pushjobs.server.store.OutputReads;

/** An {@link ApiVerticle} on a free port whose surroundings are in memory and can be changed by a test. */
final class TestApi implements AutoCloseable {
    static final String GUID = "1b5ba3e1b7a5c0dc017122090123abcd";
    static final String INCARNATION = "488b9950-6bbd-47e0-9644-ae4628c06828";
    static final Instant NOW = Instant.parse("2026-01-15T12:34:56Z");
    static final String NEW_JOB_ID = "0123abcd0000000000000000000000ff";

    /** The rules of the original server. */
    private static final AccessConfig ORIGINAL = new AccessConfig(ReadAccess.ORGANIZATION, EnvAccess.READERS);

    private static final KeyPair HEARTBEAT_KEYS = PemKeys.generate();

    final List<Principal> principals = new CopyOnWriteArrayList<>();
    final Set<String> readers = ConcurrentHashMap.newKeySet();
    final Set<String> writers = ConcurrentHashMap.newKeySet();
    final Set<String> admins = ConcurrentHashMap.newKeySet();
    final List<JobRequest> started = new CopyOnWriteArrayList<>();
    final List<JobAbortRequest> aborted = new CopyOnWriteArrayList<>();
    final List<JobQuery> queries = new CopyOnWriteArrayList<>();
    final Map<String, List<JobNode>> jobNodes = new ConcurrentHashMap<>();
    final Map<String, StoredJob> stored = new ConcurrentHashMap<>();
    final List<JobSummary> summaries = new CopyOnWriteArrayList<>();
    /** Pages of the list of all jobs that were asked for. */
    final AtomicInteger pages = new AtomicInteger();

    /** Jobs on them. */
    final AtomicInteger listed = new AtomicInteger();

    final Map<String, byte[]> outputs = new ConcurrentHashMap<>();
    /** By node, of whatever job. */
    final Map<String, OutputTail> tails = new ConcurrentHashMap<>();

    final Map<NodeRef, NodeState> nodes = new ConcurrentHashMap<>();
    final List<NodeKey> admitted = new CopyOnWriteArrayList<>();
    final List<AuditRow> audited = new CopyOnWriteArrayList<>();
    final List<String> refused = new CopyOnWriteArrayList<>();
    final Set<Claimant> revoked = ConcurrentHashMap.newKeySet();

    /** What happens while a claim is stored. */
    volatile Runnable whileAdmitted = () -> {};

    volatile long revocations;
    final List<Boolean> served = new CopyOnWriteArrayList<>();
    final List<String> fetched = new CopyOnWriteArrayList<>();
    final Secrets secrets = new Secrets(
            Z85.encode(new byte[32]),
            Z85.encode(new byte[32]),
            (RSAPrivateKey) HEARTBEAT_KEYS.getPrivate(),
            (RSAPublicKey) HEARTBEAT_KEYS.getPublic(),
            new SessionKeys(new byte[32]),
            new ClusterKeys(new byte[32]),
            "fingerprint");
    volatile Optional<ClusterIdentity> identity;
    volatile boolean ready;
    volatile boolean settled;
    volatile int pagesUntilFailure;
    volatile Optional<RuntimeException> directoryFailure;
    volatile Optional<RuntimeException> jobsFailure;
    /** Why more may be known of nodes than is said. */
    volatile Optional<String> missing;

    final int port;

    private final Vertx vertx = Vertx.vertx();
    private final ApiServices services;

    private TestApi(ServerConfig config, HttpLimits limits, FeedLimits feedLimits, int instances) throws Exception {
        reset();
        Directory directory = new MemoryDirectory();
        ServerMetrics metrics = new ServerMetrics(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
        services = new ApiServices(
                config,
                _ -> identity.map(known -> new AgentWelcome(terms(config), known)),
                () -> identity,
                () -> ready,
                () -> settled,
                directory,
                new Permissions(directory, config.access().read()),
                Optional.empty(),
                new MemoryJobs(),
                new MemoryJobReads(),
                new MemoryNodeStates(),
                new MemoryAdmission(),
                new FeedSetup(
                        new MemoryEvents(),
                        new MemoryOutputs(),
                        feedLimits,
                        config.feeds(),
                        metrics.feeds(),
                        Clock.fixed(NOW, ZoneOffset.UTC)),
                metrics.http(),
                audited::add,
                Clock.fixed(NOW, ZoneOffset.UTC),
                Clock.fixed(NOW, ZoneOffset.UTC));
        List<ApiVerticle> verticles = new ArrayList<>();
        vertx.deployVerticle(
                        () -> {
                            ApiVerticle verticle = new ApiVerticle(services, limits);
                            verticles.add(verticle);
                            return verticle;
                        },
                        new DeploymentOptions().setInstances(instances))
                .await(10, TimeUnit.SECONDS);
        port = verticles.getFirst().actualPort();
    }

    private AgentTerms terms(ServerConfig config) {
        return AgentTerms.of(config, secrets, new AgentEndpoint(config.agents().gatewayAddress(), 20000, 20002));
    }

    static TestApi start() throws Exception {
        return new TestApi(config(true, false), HttpLimits.DEFAULT, FeedLimits.DEFAULT, 1);
    }

    static TestApi start(ServerConfig config) throws Exception {
        return new TestApi(config, HttpLimits.DEFAULT, FeedLimits.DEFAULT, 1);
    }

    static TestApi start(FeedLimits limits) throws Exception {
        return new TestApi(config(true, false), HttpLimits.DEFAULT, limits, 1);
    }

    static TestApi start(HttpLimits limits) throws Exception {
        return new TestApi(config(true, false), limits, FeedLimits.DEFAULT, 1);
    }

    static TestApi startInstances(int instances) throws Exception {
        return new TestApi(config(true, false), HttpLimits.DEFAULT, FeedLimits.DEFAULT, instances);
    }

    static ServerConfig config(boolean validateClientNodeName, boolean disableCurveEncryption) {
        return new ServerConfig(
                EnumSet.allOf(ServerRole.class),
                new ApiConfig("127.0.0.1", 0, List.of(new AddressRange(InetAddress.getLoopbackAddress(), 8))),
                new GatewayConfig(
                        "tcp://*",
                        0,
                        0,
                        disableCurveEncryption,
                        CryptoChoice.AUTO,
                        1,
                        new GatewayConfig.Connections(100, 100),
                        MessageLimits.DEFAULT),
                new ManagementConfig("127.0.0.1", 0, Optional.empty()),
                new HealthConfig(Duration.ofMillis(2500), 0.5, 4, 2, Duration.ofSeconds(1)),
                new AgentsConfig(
                        "push.example.com",
                        "push.example.com",
                        validateClientNodeName,
                        Optional.empty(),
                        Duration.ofHours(1)),
                new CoordinatorConfig(Duration.ofSeconds(3)),
                Optional.empty(),
                new JobsConfig(
                        Duration.ofSeconds(60),
                        Duration.ofHours(1),
                        Duration.ofSeconds(30),
                        JobRecovery.RESUME,
                        Duration.ofDays(30)),
                new FeedConfig(Duration.ofSeconds(5), Duration.ofSeconds(60), Duration.ofSeconds(15)),
                new DatabaseConfig.Embedded(Path.of("unused"), 1),
                Path.of("unused"),
                new DirectoryConfig.Standalone(Duration.ZERO),
                ORIGINAL);
    }

    /** The organisation acme with nobody in it and nothing done, ready. */
    void reset() {
        principals.clear();
        readers.clear();
        writers.clear();
        admins.clear();
        started.clear();
        aborted.clear();
        queries.clear();
        jobNodes.clear();
        stored.clear();
        summaries.clear();
        outputs.clear();
        tails.clear();
        pages.set(0);
        listed.set(0);
        pagesUntilFailure = Integer.MAX_VALUE;
        nodes.clear();
        admitted.clear();
        audited.clear();
        revoked.clear();
        whileAdmitted = () -> {};
        served.clear();
        fetched.clear();
        refused.clear();
        identity = Optional.of(new ClusterIdentity(INCARNATION, 3));
        ready = true;
        settled = true;
        directoryFailure = Optional.empty();
        jobsFailure = Optional.empty();
        missing = Optional.empty();
    }

    void addMember(String name, Principal.Type type, KeyPair keys) {
        principals.add(new Principal(name, type, PemKeys.toPem((RSAPublicKey) keys.getPublic()), true));
    }

    /** The paths of all resources, with {@code :org} and the like in them. */
    Set<String> paths() {
        return new ApiRoutes(services, HttpLimits.DEFAULT, new Feeds(vertx, services.feeds()))
                .router(vertx, new ConnectionDeadlines(vertx, HttpLimits.DEFAULT)).getRoutes().stream()
                        .map(Route::getPath)
                        .filter(Objects::nonNull)
                        .collect(Collectors.toCollection(TreeSet::new));
    }

    @Override
    public void close() throws TimeoutException {
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    private static <T> Future<T> unless(Optional<RuntimeException> failure, T result) {
        return failure.<Future<T>>map(Future::failedFuture).orElseGet(() -> Future.succeededFuture(result));
    }

    private final class MemoryDirectory implements Directory {
        @Override
        public Future<Optional<Organisation>> organisation(String orgName) {
            return unless(
                    directoryFailure,
                    orgName.equals("acme") || orgName.equals("testorg")
                            ? Optional.of(new Organisation(orgName, GUID))
                            : Optional.empty());
        }

        @Override
        public Future<List<Principal>> principals(String orgName, String name) {
            return unless(
                    directoryFailure,
                    principals.stream()
                            .filter(principal -> principal.name().equals(name))
                            .toList());
        }

        @Override
        public Future<Optional<Group>> group(String orgName, String groupName) {
            Optional<Set<String>> members = switch (groupName) {
                case "pushy_job_readers" -> Optional.of(readers);
                case "pushy_job_writers" -> Optional.of(writers);
                case "admins" -> Optional.of(admins);
                default -> Optional.empty();
            };
            return unless(directoryFailure, members.map(names -> new Group(names, names, Set.of())));
        }
    }

    private final class MemoryJobs implements Jobs {
        @Override
        public Future<String> start(JobRequest request) {
            if (jobsFailure.isEmpty()) {
                started.add(request);
            }
            return unless(jobsFailure, NEW_JOB_ID);
        }

        @Override
        public Future<JobStatus> abort(JobAbortRequest request) {
            if (jobsFailure.isEmpty()) {
                aborted.add(request);
            }
            return unless(jobsFailure, JobStatus.RUNNING);
        }

        @Override
        public Future<Duration> storeLag() {
            return Future.succeededFuture(Duration.ZERO);
        }

        @Override
        public Future<List<String>> liveIds() {
            return unless(jobsFailure, started.stream().map(_ -> NEW_JOB_ID).toList());
        }
    }

    private final class MemoryJobReads implements JobReads {
        @Override
        public Future<Optional<StoredJob>> find(String orgGuid, String id) {
            return Future.succeededFuture(Optional.ofNullable(stored.get(id))
                    .filter(job -> job.orgGuid().equals(orgGuid)));
        }

        @Override
        public Future<List<JobSummary>> list(String orgGuid, Optional<JobQuery.Position> after, int atMost) {
            if (pages.get() >= pagesUntilFailure) {
                return Future.failedFuture(databaseAway());
            }
            pages.incrementAndGet();
            // as late as a database
            return vertx.timer(1, TimeUnit.MILLISECONDS)
                    .map(_ -> summaries.stream()
                            .dropWhile(job -> after.filter(position -> isNotAfter(job, position))
                                    .isPresent())
                            .limit(atMost)
                            .toList())
                    .onSuccess(page -> listed.addAndGet(page.size()));
        }

        private static boolean isNotAfter(JobSummary job, JobQuery.Position position) {
            int order = job.createdAt().compareTo(position.createdAt());
            return order < 0 || (order == 0 && job.id().compareTo(position.jobId()) <= 0);
        }

        @Override
        public Future<List<JobSummary>> page(String orgGuid, JobQuery query) {
            queries.add(query);
            return Future.succeededFuture(
                    summaries.stream().limit(query.limit()).toList());
        }

        @Override
        public Future<List<JobNode>> nodes(String orgGuid, String jobId) {
            return Future.succeededFuture(jobNodes.getOrDefault(jobId, List.of()));
        }

        @Override
        public Future<Optional<JobNode>> node(String orgGuid, String jobId, String node) {
            return Future.succeededFuture(jobNodes.getOrDefault(jobId, List.of()).stream()
                    .filter(found -> found.name().equals(node))
                    .findFirst());
        }

        @Override
        public Future<Map<String, OutputTail>> tails(String orgGuid, String jobId, int atMostBytes) {
            return Future.succeededFuture(Map.copyOf(tails));
        }

        @Override
        public Future<Optional<byte[]>> output(String orgGuid, String jobId, String node, Channel channel) {
            return Future.succeededFuture(Optional.ofNullable(outputs.get(jobId + "/" + node + "/" + channel.label())));
        }
    }

    /** No job has events here. */
    private static final class MemoryOutputs implements OutputReads {
        @Override
        public Future<List<OutputPart>> after(OutputKey key, long position, int atMost) {
            return Future.succeededFuture(List.of());
        }

        @Override
        public Future<List<Numbered>> ofJob(String jobId, long afterId, int atMost) {
            return Future.succeededFuture(List.of());
        }
    }

    private static final class MemoryEvents implements EventReads {
        @Override
        public Future<List<EventRow>> ofJob(String jobId, int afterSeq, int atMost) {
            return Future.succeededFuture(List.of());
        }

        @Override
        public Future<List<String>> nodesThatBegan(String jobId, int upToSeq) {
            return Future.succeededFuture(List.of());
        }

        @Override
        public Future<List<OrgEventRow>> ofOrganisation(String orgGuid, Instant after, int atMost) {
            return Future.succeededFuture(List.of());
        }

        @Override
        public Future<Optional<Instant>> newestOfOrganisation(String orgGuid) {
            return Future.succeededFuture(Optional.empty());
        }

        @Override
        public Future<Boolean> isOfOrganisation(String orgGuid, Instant at) {
            return Future.succeededFuture(false);
        }
    }

    private final class MemoryNodeStates implements NodeStates {
        @Override
        public Future<List<NodeState>> list(String orgGuid) {
            return Future.succeededFuture(List.copyOf(nodes.values()));
        }

        @Override
        public Future<Optional<NodeState>> find(NodeRef node) {
            return Future.succeededFuture(Optional.ofNullable(nodes.get(node)));
        }

        @Override
        public Future<Gathered<NodeDetail>> detail(NodeRef node) {
            return Future.succeededFuture(new Gathered<>(known(node), missing));
        }

        private NodeDetail known(NodeRef node) {
            Optional<NodeState> state = Optional.ofNullable(nodes.get(node));
            return new NodeDetail(
                    node,
                    state.isPresent(),
                    state.filter(NodeState::available).isPresent(),
                    state.map(NodeState::updatedAt),
                    state.filter(NodeState::available).isPresent()
                            ? Optional.empty()
                            : Optional.of(new UnavailableReason.NeverFetchedConfig()),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
        }

        @Override
        public Future<Gathered<List<NodeDetail>>> details(String orgGuid) {
            return Future.succeededFuture(
                    new Gathered<>(nodes.keySet().stream().map(this::known).toList(), missing));
        }

        @Override
        public Future<Integer> count() {
            return unless(jobsFailure, nodes.size());
        }
    }

    private final class MemoryAdmission implements NodeAdmission {
        @Override
        public Future<Void> admit(NodeKey key) {
            admitted.add(key);
            whileAdmitted.run();
            return Future.succeededFuture();
        }

        @Override
        public void revoke(String orgGuid, Claimant claimant) {
            revoked.add(claimant);
        }

        @Override
        public long revocations() {
            return revocations;
        }

        @Override
        public void configAnswered() {
            served.add(true);
        }

        @Override
        public void configFailed() {
            served.add(false);
        }

        @Override
        public void configFetched(NodeRef node, String address) {
            fetched.add(node.node() + " from " + address);
        }

        @Override
        public void configRefused(NodeRef node, String address, int status, String detail) {
            refused.add(node.node() + " from " + address + ": " + status + " " + detail);
        }
    }

    /** A failure as the rest of the server reports it when its database is away. */
    static ServerException databaseAway() {
        return ServerException.unavailable("the database cannot be reached");
    }
}
