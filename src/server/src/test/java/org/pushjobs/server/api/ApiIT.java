package org.pushjobs.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.interfaces.RSAPrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.codec.HttpDate;
import org.pushjobs.protocol.config.ConfigDocument;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.protocol.keys.SessionKeys;
import org.pushjobs.protocol.message.JobSpec;
import org.pushjobs.server.directory.Principal;
import org.pushjobs.server.jobs.JobRequest;
import org.pushjobs.server.jobs.model.JobStatus;
import org.pushjobs.server.jobs.model.JobSummary;
import org.pushjobs.server.jobs.model.JobTerms;
import org.pushjobs.server.jobs.model.NodeStatus;
import org.pushjobs.server.jobs.model.StoredJob;
import org.pushjobs.server.nodes.NodeState;
import org.pushjobs.server.store.Claimant;
import org.pushjobs.server.store.NodeKey;
import org.pushjobs.server.store.ToldConfig;
import org.pushjobs.server.testing.Await;

/** What each resource answers when nothing is wrong, and its own errors. */
class ApiIT {
    private static final String ORG = "/organizations/acme/pushy";
    private static final String JOB_ID = "0123abcd000000000000000000000001";
    private static final Instant CREATED = Instant.parse("2026-01-14T10:00:00Z");
    private static final Instant UPDATED = Instant.parse("2026-01-14T10:00:05Z");
    private static final KeyPair ALICE = PemKeys.generate();
    private static final KeyPair WEB_1 = PemKeys.generate();
    private static final String CURVE_KEY = "<n%gjKI)1?^4i^Lgt-*Yd(S@=WQH4)0$Bq0NrX17";
    private static final String ESCAPED_CURVE_KEY = "%3Cn%25gjKI)1%3F%5E4i%5ELgt-*Yd(S%40%3DWQH4)0%24Bq0NrX17";

    private static TestApi api;

    @BeforeAll
    static void start() throws Exception {
        api = TestApi.start();
    }

    @AfterAll
    static void stop() throws Exception {
        api.close();
    }

    @BeforeEach
    void setUp() {
        setUp(api);
    }

    private static void setUp(TestApi api) {
        api.reset();
        api.addMember("alice", Principal.Type.USER, ALICE);
        api.addMember("web-1", Principal.Type.CLIENT, WEB_1);
        api.readers.add("alice");
        api.writers.add("alice");
    }

    private static TestRequest.Answer get(String resource) throws Exception {
        return TestRequest.get(ORG + resource).sign("alice", ALICE).send(api);
    }

    @Test
    void startedJobIsAnsweredWithItsPlace() throws Exception {
        TestRequest.Answer answer = TestRequest.post(ORG + "/jobs", """
                        {"command":"backup","nodes":["web-1","web-2","web-1"],"quorum":1.2,"run_timeout":60,
                         "user":"app","dir":"/srv","env":{"A":"1"},"file":"raw:x","capture_output":true}""")
                .header("X-Forwarded-Proto", "https")
                .sign("alice", ALICE)
                .send(api);

        String uri =
                "https://127.0.0.1:" + api.port + "/organizations/acme/pushy/jobs/0123abcd0000000000000000000000ff";
        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.header("Location")).isEqualTo(uri);
        assertThat(answer.body()).isEqualTo("{\"uri\":\"" + uri + "\",\"id\":\"0123abcd0000000000000000000000ff\"}");
        assertThat(api.started)
                .containsExactly(new JobRequest(
                        TestApi.GUID,
                        "alice",
                        new JobTerms(
                                new JobSpec(
                                        "backup",
                                        Optional.of("app"),
                                        Optional.of("/srv"),
                                        Optional.of(Map.of("A", "1")),
                                        Optional.of("raw:x"),
                                        true),
                                List.of("web-1", "web-2"),
                                2,
                                60),
                        Optional.empty(),
                        Optional.of("acme")));
    }

    @Test
    void jobThatCannotBeStartedNowIsUnavailable() throws Exception {
        api.jobsFailure = Optional.of(TestApi.databaseAway());

        TestRequest.Answer answer = TestRequest.post(ORG + "/jobs", "{\"command\":\"c\",\"nodes\":[\"a\"]}")
                .sign("alice", ALICE)
                .send(api);

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("Retry-After")).isEqualTo("5");
        assertThat(answer.body()).isEqualTo("{\"error\":[\"the database cannot be reached\"]}");
    }

    @Test
    void wrongUserIsUnprocessable() throws Exception {
        TestRequest.Answer answer = TestRequest.post(
                        ORG + "/jobs", "{\"command\":\"c\",\"nodes\":[\"a\"],\"user\":\"\"}")
                .sign("alice", ALICE)
                .send(api);

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.body())
                .isEqualTo(
                        "{\"error\":\"invalid user supplied (must have 1 to 32 characters and no white space around them)\","
                                + "\"field\":\"user\",\"value\":\"\\\"\\\"\"}");
    }

    @Test
    void jobsAreListedInTheOrderOfTheStore() throws Exception {
        api.summaries.add(summary("0123abcd000000000000000000000002"));
        api.summaries.add(summary(JOB_ID));

        TestRequest.Answer answer = get("/jobs");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        JsonNode list = new ObjectMapper().readTree(answer.body());
        assertThat(list.findValuesAsText("id")).containsExactly("0123abcd000000000000000000000002", JOB_ID);
        assertThat(list.get(0).has("nodes")).isFalse();
    }

    @Test
    void noJobsAreAnEmptyList() throws Exception {
        assertThat(get("/jobs").body()).isEqualTo("[]");
    }

    @Test
    void jobIsShownWithoutItsFileUnlessAskedFor() throws Exception {
        api.stored.put(JOB_ID, job(JOB_ID, TestApi.GUID));
        String document = """
                {"nodes":{"running":["web-1"]},"id":"0123abcd000000000000000000000001","command":"backup",\
                "status":"running","run_timeout":60,"created_at":"Wed, 14 Jan 2026 10:00:00 GMT",\
                "updated_at":"Wed, 14 Jan 2026 10:00:05 GMT",""";

        assertThat(get("/jobs/" + JOB_ID).body()).isEqualTo(document + "\"file_specified\":true}");
        assertThat(get("/jobs/" + JOB_ID + "?include_file=false").body())
                .isEqualTo(document + "\"file_specified\":true}");
        assertThat(get("/jobs/" + JOB_ID + "?include_file=true").body())
                .isEqualTo(document + "\"file\":\"raw:secret\"}");
    }

    @ParameterizedTest
    @CsvSource({
        "/jobs/0123abcd000000000000000000000009",
        "/jobs/0123ABCD000000000000000000000001",
        "/jobs/1",
        "/jobs/%00",
        "/jobs/0123abcd00000000000000000000000e",
        "/jobs/0123abcd000000000000000000000001/output/web-1/stderr",
        "/jobs/0123abcd000000000000000000000001/output/web-2/stdout",
        "/jobs/0123abcd000000000000000000000001/output/%00/stdout",
        "/jobs/0123abcd000000000000000000000009/output/web-1/stdout"
    })
    void whatIsNotThereIsNotFound(String resource) throws Exception {
        api.stored.put(JOB_ID, job(JOB_ID, TestApi.GUID));
        api.stored.put(
                "0123abcd00000000000000000000000e",
                job("0123abcd00000000000000000000000e", "ffffffffffffffffffffffffffffffff"));
        api.outputs.put(JOB_ID + "/web-1/stdout", new byte[] {1});

        TestRequest.Answer answer = get(resource);

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.body()).startsWith("{\"error\":[\"there is no ");
    }

    @Test
    void outputIsSentAsCaptured() throws Exception {
        byte[] bytes = {0, (byte) 0xff, 'x', '\n', (byte) 0x80};
        api.outputs.put(JOB_ID + "/web 1/stdout", bytes);
        api.outputs.put(JOB_ID + "/web 1/stderr", new byte[0]);

        TestRequest.Answer stdout = get("/jobs/" + JOB_ID + "/output/web%201/stdout");
        TestRequest.Answer stderr = get("/jobs/" + JOB_ID + "/output/web%201/stderr");

        assertThat(stdout.status()).isEqualTo(200);
        assertThat(stdout.header("Content-Type")).isEqualTo("application/octet-stream");
        assertThat(stdout.response().body()).isEqualTo(bytes);
        assertThat(stderr.status()).isEqualTo(200);
        assertThat(stderr.header("Content-Length")).isEqualTo("0");
        assertThat(stderr.response().body()).isEmpty();
    }

    @Test
    void nodeStatesAreListedByName() throws Exception {
        addNode("web-2", false);
        addNode("web-1", true);

        assertThat(get("/node_states").body()).isEqualTo("""
                [{"node_name":"web-1","availability":"available","updated_at":"Wed, 14 Jan 2026 10:00:05 GMT"},\
                {"node_name":"web-2","availability":"unavailable","updated_at":"Wed, 14 Jan 2026 10:00:05 GMT"}]""");
    }

    @ParameterizedTest
    @CsvSource({"node_states", "connect"})
    void oneNodeIsShownWhetherItIsKnownOrNot(String resource) throws Exception {
        addNode("web-1", true);
        addNode("web-2", false);

        for (String parameter : List.of("", "?detail=false")) {
            assertThat(get("/" + resource + "/web-1" + parameter).body())
                    .isEqualTo("{\"node_name\":\"web-1\",\"status\":\"online\",\"availability\":\"available\"}");
            assertThat(get("/" + resource + "/web-3" + parameter).body())
                    .isEqualTo("{\"node_name\":\"web-3\",\"status\":\"offline\",\"availability\":\"unavailable\"}");
        }
        assertThat(get("/" + resource + "/web-1?detail=true").body())
                .isEqualTo(
                        "{\"node_name\":\"web-1\",\"status\":\"online\",\"availability\":\"available\",\"updated_at\":\"Wed, 14 Jan 2026 10:00:05 GMT\",\"detail\":{}}");
        assertThat(get("/" + resource + "/web-2?detail=true").body())
                .startsWith(
                        "{\"node_name\":\"web-2\",\"status\":\"online\",\"availability\":\"unavailable\",\"updated_at\":\"Wed, 14 Jan 2026 10:00:05 GMT\",\"detail\":{\"reason\":");
        assertThat(get("/" + resource + "/web-3?detail=true").body())
                .startsWith(
                        "{\"node_name\":\"web-3\",\"status\":\"offline\",\"availability\":\"unavailable\",\"detail\":{\"reason\":\"never_fetched_config\"");
    }

    @ParameterizedTest
    @CsvSource({"/node_states?all=true", "/node_states/web-1?detail=true", "/connect/web-1?detail=true"})
    void answerToWhichAGatewayDidNotContributeSaysSo(String path) throws Exception {
        addNode("web-1", true);
        String complete = get(path).body();
        assertThat(get(path).response().headers().firstValue("X-Incomplete")).isEmpty();

        api.missing = Optional.of("1 of 2 gateways did not answer");

        TestRequest.Answer answer = get(path);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(complete);
        assertThat(answer.header("X-Incomplete")).isEqualTo("1 of 2 gateways did not answer");
    }

    @ParameterizedTest
    @CsvSource({
        "all=maybe, the parameter 'all' is 'maybe' and must be true or false",
        "all=, the parameter 'all' is '' and must be true or false",
        "detail=yes, the parameter 'detail' is 'yes' and must be true or false",
        "status=up, 'the parameter ''status'' is ''up'' and must be one of online, offline, available and unavailable'",
        "all=true&status=, 'the parameter ''status'' is '''' and must be one of online, offline, available and unavailable'"
    })
    void parametersOfTheNodeListAreChecked(String query, String message) throws Exception {
        TestRequest.Answer answer = get("/node_states?" + query);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).isEqualTo("{\"error\":[\"" + message + "\"]}");
    }

    @Test
    void refusedRequestsForAConfigurationAreNotedWhereSomebodyCanAskForThem() throws Exception {
        TestRequest.get(ORG + "/config/web-1")
                .header("X-Forwarded-For", "192.0.2.7")
                .sign("web-1", ALICE)
                .send(api);
        TestRequest.get(ORG + "/config/web-1").send(api);
        TestRequest.get("/organizations/none/pushy/config/web-1")
                .sign("web-1", WEB_1)
                .send(api);
        TestRequest.get(ORG + "/config/" + "x".repeat(256)).sign("web-1", ALICE).send(api);
        TestRequest.get(ORG + "/config/web-2").sign("web-1", WEB_1).send(api);

        Await.until("the last one is noted", Duration.ofSeconds(20), () -> api.refused.size() > 1);
        assertThat(api.refused)
                .containsExactly(
                        "web-1 from 192.0.2.7: 401 Invalid signature for user or client 'web-1'",
                        "web-2 from 127.0.0.1: 403 Client and node name must match");
    }

    @Test
    void clientGetsItsConfigurationAndItsKeyIsAdmitted() throws Exception {
        TestRequest.Answer answer = TestRequest.get(ORG + "/config/web-1?ccpk=" + ESCAPED_CURVE_KEY + "&version=2.0")
                .sign("web-1", WEB_1)
                .send(api);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        NodeRef node = new NodeRef(TestApi.GUID, "web-1");
        ConfigDocument config = ConfigDocument.parse(answer.body().getBytes(StandardCharsets.UTF_8));
        assertThat(config)
                .isEqualTo(new ConfigDocument(
                        "push.example.com",
                        "tcp://push.example.com:20000",
                        "tcp://push.example.com:20002",
                        2.5,
                        3,
                        2,
                        "web-1",
                        "acme",
                        PemKeys.toPem(api.secrets.heartbeatPublicKey()),
                        Optional.of(api.secrets.curvePublicKey()),
                        config.sessionKey(),
                        3600,
                        300,
                        65_536,
                        TestApi.INCARNATION));
        assertThat(SessionKeys.unwrap(config.sessionKey(), (RSAPrivateKey) WEB_1.getPrivate()))
                .contains(api.secrets.sessionKeys().derive(node, 3));
        assertThat(api.admitted)
                .containsExactly(new NodeKey(
                        CURVE_KEY,
                        node,
                        "acme",
                        TestApi.NOW,
                        Claimant.client("web-1"),
                        Optional.of(new ToldConfig(config.heartbeatAddress(), config.commandAddress(), 2_500))));
    }

    @Test
    void onlyTheDirectorysWordRevokesAKey() throws Exception {
        // a stranger who has not the node's key
        TestRequest.get(ORG + "/config/web-1?ccpk=" + ESCAPED_CURVE_KEY)
                .sign("web-1", ALICE)
                .send(api);
        assertThat(api.revoked).containsExactly(Claimant.user("web-1"));
        assertThat(api.served).containsExactly(true);

        // while the directory cannot be asked
        api.revoked.clear();
        api.directoryFailure = Optional.of(TestApi.databaseAway());
        TestRequest.get(ORG + "/config/web-9?ccpk=" + ESCAPED_CURVE_KEY)
                .sign("web-9", WEB_1)
                .send(api);
        assertThat(api.revoked).isEmpty();
        assertThat(api.served).containsExactly(true, false);

        // of somebody whom it does not have, whoever asks
        api.directoryFailure = Optional.empty();
        TestRequest.Answer answer = TestRequest.get(ORG + "/config/web-9?ccpk=" + ESCAPED_CURVE_KEY)
                .sign("web-9", WEB_1)
                .send(api);
        assertThat(answer.status()).isEqualTo(401);
        assertThat(api.revoked).containsExactlyInAnyOrder(Claimant.client("web-9"), Claimant.user("web-9"));
    }

    @Test
    void keyThatGoesWhileAConfigurationIsHandedOutAdmitsNobody() throws Exception {
        api.whileAdmitted = () -> {
            api.principals.removeIf(principal -> principal.name().equals("web-1"));
            api.revocations++;
        };

        assertThat(configOfWeb1().status()).isEqualTo(503);

        assertThat(api.revoked).contains(Claimant.client("web-1"));
    }

    @Test
    void keyOfAnotherThatGoesMeanwhileKeepsNobodyOut() throws Exception {
        api.whileAdmitted = () -> api.revocations++;

        assertThat(configOfWeb1().status()).isEqualTo(200);

        assertThat(api.revoked).doesNotContain(Claimant.client("web-1"));
    }

    private static TestRequest.Answer configOfWeb1() throws Exception {
        return TestRequest.get(ORG + "/config/web-1?ccpk=" + ESCAPED_CURVE_KEY)
                .sign("web-1", WEB_1)
                .send(api);
    }

    @Test
    void requestForAConfigurationIsHeldWhileTheServerStarts() throws Exception {
        api.ready = false;
        CompletableFuture<TestRequest.Answer> answer = CompletableFuture.supplyAsync(() -> {
            try {
                return TestRequest.get(ORG + "/config/web-1?ccpk=" + ESCAPED_CURVE_KEY)
                        .sign("web-1", WEB_1)
                        .send(api);
            } catch (Exception e) {
                throw new CompletionException(e);
            }
        });
        assertThat(get("/node_states").status()).isEqualTo(503);
        assertThat(answer).isNotDone();

        api.ready = true;

        assertThat(answer.get(20, TimeUnit.SECONDS).status()).isEqualTo(200);
    }

    @Test
    void requestForAConfigurationIsRefusedWhenTheServerIsNotReadyInFourSeconds() throws Exception {
        api.ready = false;
        long began = System.nanoTime();

        TestRequest.Answer answer = get("/config/web-1?ccpk=" + ESCAPED_CURVE_KEY);

        assertThat(answer.status()).isEqualTo(503);
        assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(TimeUnit.SECONDS.toNanos(4));
    }

    @Test
    void requestForAConfigurationThatDoesNotWaitIsRefusedAtOnceWhileTheServerStarts() throws Exception {
        api.ready = false;
        api.settled = false;
        long began = System.nanoTime();

        TestRequest.Answer answer = configThatDoesNotWait();

        assertThat(answer.status()).isEqualTo(503);
        assertThat(System.nanoTime() - began).isLessThan(TimeUnit.SECONDS.toNanos(4));
    }

    @Test
    void requestForAConfigurationThatDoesNotWaitIsRefusedUntilThePortsHaveBeenOpenForAWhile() throws Exception {
        api.settled = false;
        assertThat(get("/config/web-1?ccpk=" + ESCAPED_CURVE_KEY).status()).isEqualTo(200);

        TestRequest.Answer refused = configThatDoesNotWait();
        api.settled = true;
        TestRequest.Answer answered = configThatDoesNotWait();

        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.body()).contains("ports for agents");
        assertThat(answered.status()).isEqualTo(200);
    }

    private TestRequest.Answer configThatDoesNotWait() throws Exception {
        return TestRequest.get(ORG + "/config/web-1?ccpk=" + ESCAPED_CURVE_KEY)
                .header("Prefer", "respond-async, Wait=0")
                .sign("web-1", WEB_1)
                .send(api);
    }

    @Test
    void userWithReadPermissionGetsTheConfigurationOfAnyNode() throws Exception {
        TestRequest.Answer answer = get("/config/web-1?ccpk=" + ESCAPED_CURVE_KEY);

        ConfigDocument config = ConfigDocument.parse(answer.body().getBytes(StandardCharsets.UTF_8));
        assertThat(SessionKeys.unwrap(config.sessionKey(), (RSAPrivateKey) ALICE.getPrivate()))
                .contains(api.secrets.sessionKeys().derive(new NodeRef(TestApi.GUID, "web-1"), 3));
    }

    @Test
    void plusSignInTheKeyNeedsNoEscape() throws Exception {
        String key = "+".repeat(5) + "0".repeat(35);

        assertThat(get("/config/web-1?ccpk=" + key).status()).isEqualTo(200);
        assertThat(get("/config/web-1?ccpk=" + key.replace("+", "%2B")).status())
                .isEqualTo(200);
        assertThat(api.admitted).extracting(NodeKey::publicKey).containsExactly(key, key);
    }

    @ParameterizedTest
    @CsvSource({
        "'', 400, Missing ccpk",
        "?version=2.0, 400, Missing ccpk",
        "?ccpk=, 401, Bad ccpk",
        "?ccpk=0123456789012345678901234567890123456789x, 401, Bad ccpk",
        "?ccpk=012345678901234567890123456789012345678~, 400, Bad ccpk: Z85 text has a character that is not of its alphabet",
        "?ccpk=%23%23%23%23%2301234567890123456789012345678901234, 400, Bad ccpk: Z85 text has five characters that stand for more than 32 bits"
    })
    void keyThatIsMissingOrWrongIsRefused(String query, int status, String error) throws Exception {
        TestRequest.Answer answer = get("/config/web-1" + query);

        assertThat(answer.body()).isEqualTo("{\"error\":[\"" + error + "\"]}");
        assertThat(answer.status()).isEqualTo(status);
        assertThat(api.admitted).isEmpty();
    }

    @Test
    void clientMayNotAskForAnotherNodeUnlessTheSettingAllowsIt() throws Exception {
        TestRequest request =
                TestRequest.get(ORG + "/config/web-2?ccpk=" + ESCAPED_CURVE_KEY).sign("web-1", WEB_1);

        TestRequest.Answer refused = request.send(api);
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.body()).isEqualTo("{\"error\":[\"Client and node name must match\"]}");

        try (TestApi lenient = TestApi.start(TestApi.config(false, false))) {
            setUp(lenient);
            assertThat(request.send(lenient).status()).isEqualTo(200);
        }
    }

    @Test
    void withoutCurveNoKeyIsAskedForAndTheNodeIsAdmitted() throws Exception {
        try (TestApi clear = TestApi.start(TestApi.config(true, true))) {
            setUp(clear);
            TestRequest.Answer answer =
                    TestRequest.get(ORG + "/config/web-1").sign("web-1", WEB_1).send(clear);

            assertThat(answer.status()).isEqualTo(200);
            assertThat(ConfigDocument.parse(answer.body().getBytes(StandardCharsets.UTF_8))
                            .curvePublicKey())
                    .isEmpty();
            assertThat(clear.admitted)
                    .extracting(NodeKey::publicKey)
                    .containsExactly(NodeKey.inClearText("acme", "web-1"));
        }
    }

    @Test
    void configurationWaitsForTheClustersIdentity() throws Exception {
        api.identity = Optional.empty();

        assertThat(get("/config/web-1?ccpk=" + ESCAPED_CURVE_KEY).status()).isEqualTo(503);
        assertThat(api.admitted).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"/pushy/_status", "/pushy/_status/", "//pushy/_status", "//pushy//_status//"})
    void statusIsShownToEverybody(String path) throws Exception {
        addNode("web-1", true);
        api.started.add(new JobRequest(TestApi.GUID, "alice", new JobTerms(JobSpec.of("c"), List.of("a"), 1, 1)));

        TestRequest.Answer answer = TestRequest.get(path).send(api);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.body()).isEqualTo("""
                {"status":"it's alive","incarnation_id":"488b9950-6bbd-47e0-9644-ae4628c06828",\
                "node_fsm_count":1,"job_processes":["0123abcd0000000000000000000000ff"]}""");
    }

    @Test
    void statusKeepsItsShapeWhileNothingIsReady() throws Exception {
        api.ready = false;
        api.identity = Optional.empty();
        api.jobsFailure = Optional.of(TestApi.databaseAway());

        TestRequest.Answer answer = TestRequest.get("/pushy/_status").send(api);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body())
                .isEqualTo(
                        "{\"status\":\"it's alive\",\"incarnation_id\":\"\",\"node_fsm_count\":0,\"job_processes\":[]}");
    }

    @ParameterizedTest
    @CsvSource({"abc-1._X, true", "'', false", "a b, false", "<script>, false"})
    void saneRequestIdComesBackAndOthersAreReplaced(String id, boolean kept) throws Exception {
        String answered = TestRequest.get("/pushy/_status")
                .header("X-Request-Id", id)
                .send(api)
                .header("X-Request-Id");

        assertThat(answered).matches("[A-Za-z0-9._-]{1,64}");
        assertThat(answered.equals(id)).isEqualTo(kept);
    }

    @Test
    void answersCarryTheServersTime() throws Exception {
        String date = TestRequest.get("/no/such/resource").send(api).header("Date");

        assertThat(date).isEqualTo(HttpDate.format(TestApi.NOW));
    }

    @Test
    void severalInstancesShareOnePort() throws Exception {
        try (TestApi two = TestApi.startInstances(2)) {
            List<Integer> statuses = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                statuses.add(RawHttp.exchange(two.port, "GET /pushy/_status HTTP/1.0\r\n\r\n")
                        .status());
            }
            assertThat(statuses).containsOnly(200);
        }
    }

    private static void addNode(String name, boolean available) {
        NodeRef node = new NodeRef(TestApi.GUID, name);
        api.nodes.put(node, new NodeState(node, available, UPDATED));
    }

    private static JobSummary summary(String id) {
        return new JobSummary(
                id, "alice", JobSpec.of("c"), false, JobStatus.COMPLETE, Optional.of(60), CREATED, UPDATED);
    }

    private static StoredJob job(String id, String orgGuid) {
        JobSpec spec = new JobSpec(
                "backup", Optional.empty(), Optional.empty(), Optional.empty(), Optional.of("raw:secret"), false);
        return new StoredJob(
                id,
                orgGuid,
                "alice",
                new JobTerms(spec, List.of("web-1"), 1, 60),
                JobStatus.RUNNING,
                CREATED,
                UPDATED,
                Map.of("web-1", NodeStatus.RUNNING),
                1,
                Optional.empty());
    }
}
