package org.pushjobs.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyPair;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.protocol.message.JobSpec;
import org.pushjobs.protocol.message.OutputTail;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.directory.Principal;
import org.pushjobs.server.jobs.JobAbortRequest;
import org.pushjobs.server.jobs.model.CommandEnd;
import org.pushjobs.server.jobs.model.IdempotencyKey;
import org.pushjobs.server.jobs.model.JobAbort;
import org.pushjobs.server.jobs.model.JobNode;
import org.pushjobs.server.jobs.model.JobQuery;
import org.pushjobs.server.jobs.model.JobStatus;
import org.pushjobs.server.jobs.model.JobSummary;
import org.pushjobs.server.jobs.model.JobTerms;
import org.pushjobs.server.jobs.model.NodeStatus;
import org.pushjobs.server.jobs.model.NodeTimes;
import org.pushjobs.server.jobs.model.OutputState;
import org.pushjobs.server.jobs.model.StoredJob;

/** What the original server's API did not have about jobs: abort, pages, detail, idempotency keys. */
class JobApiIT {
    private static final String ORG = "/organizations/acme/pushy";
    private static final String JOB_ID = "0123abcd000000000000000000000001";
    private static final String POST = "{\"command\":\"c\",\"nodes\":[\"web-1\"]}";
    private static final Instant CREATED = Instant.parse("2026-01-14T10:00:00.123456Z");
    private static final KeyPair ALICE = PemKeys.generate();

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
        api.reset();
        api.addMember("alice", Principal.Type.USER, ALICE);
        api.readers.add("alice");
        api.writers.add("alice");
    }

    private static TestRequest.Answer get(String resource) throws Exception {
        return TestRequest.get(ORG + resource).sign("alice", ALICE).send(api);
    }

    private static TestRequest.Answer abort(String id) throws Exception {
        return new TestRequest("POST", ORG + "/jobs/" + id + "/abort")
                .sign("alice", ALICE)
                .send(api);
    }

    // ---- abort

    @Test
    void abortIsAcceptedWithTheStatusOfTheJob() throws Exception {
        TestRequest.Answer answer = abort(JOB_ID);

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.body()).isEqualTo("{\"id\":\"" + JOB_ID + "\",\"status\":\"running\"}");
        assertThat(api.aborted).containsExactly(new JobAbortRequest(TestApi.GUID, JOB_ID, "alice"));
    }

    @Test
    void abortNeedsNoContentTypeAndIgnoresABody() throws Exception {
        TestRequest request = TestRequest.post(ORG + "/jobs/" + JOB_ID + "/abort", "{\"reason\":");
        request.headers.put("Content-Type", "text/plain");

        assertThat(request.sign("alice", ALICE).send(api).status()).isEqualTo(202);
    }

    @Test
    void onlyWritersMayAbort() throws Exception {
        api.writers.clear();
        assertThat(abort(JOB_ID).status()).isEqualTo(403);
        assertThat(api.aborted).isEmpty();

        api.writers.add("alice");
        api.readers.clear();
        assertThat(abort(JOB_ID).status()).isEqualTo(202);
    }

    @ParameterizedTest
    @CsvSource({"404", "409", "503"})
    void refusedAbortIsAnsweredAsTheJobsSay(int status) throws Exception {
        api.jobsFailure = Optional.of(new ServerException(status, "why not"));

        TestRequest.Answer answer = abort(JOB_ID);

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.body()).isEqualTo("{\"error\":[\"why not\"]}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "0123ABCD000000000000000000000001", "%00"})
    void whatCannotBeAJobIsNotFoundForAbort(String id) throws Exception {
        assertThat(abort(id).status()).isEqualTo(404);
        assertThat(api.aborted).isEmpty();
    }

    // ---- pages

    @Test
    void eachParameterAsksForAPage() throws Exception {
        get("/jobs?limit=7");
        get("/jobs?before=2026-01-14T10:00:00Z");
        get("/jobs?before=2026-01-14T10:00:00.123456Z_" + JOB_ID);
        get("/jobs?status=quorum_failed");
        get("/jobs?node=web%201");
        get("/jobs?command=chef-client%20-o%20a");
        get("/jobs?command=");
        get("/jobs?limit=1000&status=running&node=n&command=c&unknown=x");

        assertThat(api.queries)
                .containsExactly(
                        query(8, null, null, null, null),
                        query(51, new JobQuery.Position(Instant.parse("2026-01-14T10:00:00Z"), ""), null, null, null),
                        query(51, new JobQuery.Position(CREATED, JOB_ID), null, null, null),
                        query(51, null, JobStatus.QUORUM_FAILED, null, null),
                        query(51, null, null, "web 1", null),
                        query(51, null, null, null, "chef-client -o a"),
                        query(51, null, null, null, ""),
                        query(1001, null, JobStatus.RUNNING, "n", "c"));
    }

    private static JobQuery query(int limit, JobQuery.Position before, JobStatus status, String node, String command) {
        return new JobQuery(
                limit,
                Optional.ofNullable(before),
                Optional.ofNullable(status),
                Optional.ofNullable(node),
                Optional.ofNullable(command),
                Optional.empty(),
                Optional.empty());
    }

    @Test
    void pageMayBeOfOneRequestorAndSinceATime() throws Exception {
        addSummaries(3);

        TestRequest.Answer answer = get("/jobs?limit=2&since=2026-01-14T09:00:00Z&requested_by=al%26ice&detail=true");

        assertThat(answer.header("Link"))
                .endsWith("_" + id(1)
                        + "&since=2026-01-14T09%3A00%3A00Z&requested_by=al%26ice&detail=true>; rel=\"next\"");
        assertThat(api.queries)
                .containsExactly(new JobQuery(
                        3,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(Instant.parse("2026-01-14T09:00:00Z")),
                        Optional.of("al&ice")));
    }

    @Test
    void listSaysWhoAskedWhenDetailIsAskedForAndOnlyThen() throws Exception {
        addSummaries(1);

        String plain = get("/jobs").body();

        assertThat(plain).doesNotContain("detail");
        for (String query : List.of("?detail=true", "?limit=1&detail=true")) {
            assertThat(get("/jobs" + query).body())
                    .as(query)
                    .isEqualTo(plain.replace("}]", ",\"detail\":{\"requested_by\":\"alice\"}}]"));
        }
    }

    @Test
    void requestWithoutParametersGetsTheWholeListWithoutALink() throws Exception {
        addSummaries(60);

        TestRequest.Answer answer = get("/jobs?include_file=true");

        assertThat(answer.body().split("\"id\"")).hasSize(61);
        assertThat(answer.header("Link")).isEmpty();
        assertThat(api.queries).isEmpty();
    }

    @Test
    void pageThatIsNotTheLastOneHasALinkToTheNext() throws Exception {
        addSummaries(3);

        TestRequest.Answer answer = get("/jobs?status=complete&limit=2&node=web%201&command=a%26b");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body())
                .startsWith("[{\"id\":\"" + id(0))
                .contains(id(1))
                .doesNotContain(id(2));
        String query =
                "limit=2&before=2026-01-14T10%3A00%3A00.123456Z_" + id(1) + "&status=complete&node=web+1&command=a%26b";
        assertThat(answer.header("Link"))
                .isEqualTo("<http://127.0.0.1:" + api.port + ORG + "/jobs?" + query + ">; rel=\"next\"");

        // when it is followed
        get("/jobs?" + query);
        assertThat(api.queries.getLast())
                .isEqualTo(query(3, new JobQuery.Position(CREATED, id(1)), JobStatus.COMPLETE, "web 1", "a&b"));
    }

    @Test
    void lastPageHasNoLink() throws Exception {
        addSummaries(2);

        assertThat(get("/jobs?limit=2").header("Link")).isEmpty();
        assertThat(get("/jobs?limit=2").response().headers().map()).doesNotContainKey("link");
    }

    @Test
    void linkNamesTheServerAsTheClientSeesIt() throws Exception {
        addSummaries(2);

        String link = TestRequest.get(ORG + "/jobs?limit=1")
                .header("X-Forwarded-Proto", "https")
                .sign("alice", ALICE)
                .send(api)
                .header("Link");

        assertThat(link).startsWith("<https://127.0.0.1:" + api.port + ORG + "/jobs?limit=1&before=");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "limit=|the parameter 'limit' is '' and must be a whole number from 1 to 1000",
                "limit=0|the parameter 'limit' is '0' and must be a whole number from 1 to 1000",
                "limit=1001|the parameter 'limit' is '1001' and must be a whole number from 1 to 1000",
                "limit=-1|the parameter 'limit' is '-1' and must be a whole number from 1 to 1000",
                "limit=1.5|the parameter 'limit' is '1.5' and must be a whole number from 1 to 1000",
                "limit=99999999999|the parameter 'limit' is '99999999999' and must be a whole number from 1 to 1000",
                "limit=5&limit=6|the parameter 'limit' is given more than once",
                "status=|the parameter 'status' is '' and must be one of new, voting, running, complete, quorum_failed, aborted, timed_out, crashed",
                "status=RUNNING|the parameter 'status' is 'RUNNING' and must be one of new, voting, running, complete, quorum_failed, aborted, timed_out, crashed",
                "node=|the parameter 'node' is '' and must be a node name, 1 to 255 characters",
                "node=%00|the parameter 'node' is '?' and must be text without NUL and broken characters",
                "command=a%00|the parameter 'command' is 'a?' and must be text without NUL and broken characters",
                "requested_by=a%00|the parameter 'requested_by' is 'a?' and must be text without NUL and broken characters",
                "since=yesterday|the parameter 'since' is 'yesterday' and must be a time like 2026-11-22T10:00:00Z",
                "since=1969-12-31T23:59:59Z|the parameter 'since' is '1969-12-31T23:59:59Z' and must be a time like 2026-11-22T10:00:00Z",
            })
    void wrongParameterIsABadRequest(String query, String error) throws Exception {
        TestRequest.Answer answer = get("/jobs?" + query);

        assertThat(answer.body()).isEqualTo("{\"error\":[\"" + error + "\"]}");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(api.queries).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "yesterday",
                "2026-01-14",
                "2026-01-14T10:00:00Z_",
                "2026-01-14T10:00:00Z_xyz",
                "_0123abcd000000000000000000000001",
                "1969-12-31T23:59:59Z",
                "%2B10000-01-01T00:00:00Z",
                "0123abcd000000000000000000000001"
            })
    void wrongPositionIsABadRequest(String before) throws Exception {
        TestRequest.Answer answer = get("/jobs?before=" + before);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body())
                .isEqualTo("{\"error\":[\"the parameter 'before' is '" + before.replace("%2B", "+")
                        + "' and must be a time like 2026-11-22T10:00:00Z, or be taken"
                        + " from the link to the next page\"]}");
    }

    private static void addSummaries(int count) {
        for (int i = 0; i < count; i++) {
            api.summaries.add(new JobSummary(
                    id(i), "alice", JobSpec.of("c"), false, JobStatus.COMPLETE, Optional.of(60), CREATED, CREATED));
        }
    }

    private static String id(int n) {
        return "0123abcd%024x".formatted(n);
    }

    // ---- detail

    @Test
    void detailIsAddedWhenAskedForAndOnlyThen() throws Exception {
        api.stored.put(JOB_ID, job(Optional.of(new JobAbort("bob", CREATED.plusSeconds(9)))));
        api.jobNodes.put(
                JOB_ID,
                List.of(
                        new JobNode(
                                "web-1",
                                NodeStatus.SUCCEEDED,
                                Optional.empty(),
                                new NodeTimes(
                                        Optional.of(CREATED.plusMillis(1)),
                                        Optional.of(CREATED.plusMillis(2)),
                                        Optional.of(CREATED.plusSeconds(3))),
                                new OutputState.Kept(60_000, 0)),
                        new JobNode(
                                "web-2",
                                NodeStatus.FAILED,
                                Optional.empty(),
                                NodeTimes.NONE,
                                new OutputState.Dropped()),
                        new JobNode(
                                "web-3",
                                NodeStatus.UNAVAILABLE,
                                Optional.of("it was down"),
                                NodeTimes.NONE.reached(NodeStatus.UNAVAILABLE, CREATED),
                                new OutputState.None())));

        String plain = get("/jobs/" + JOB_ID).body();
        String detailed = get("/jobs/" + JOB_ID + "?detail=true").body();

        assertThat(plain).doesNotContain("detail");
        assertThat(get("/jobs/" + JOB_ID + "?detail=yes").body()).isEqualTo(plain);
        assertThat(detailed).isEqualTo(plain.substring(0, plain.length() - 1) + """
                ,"detail":{"requested_by":"alice","quorum":1,"abort_requested_at":"2026-01-14T10:00:09.123Z","abort_requested_by":"bob","nodes":{\
                "web-1":{"status":"succeeded","voted_at":"2026-01-14T10:00:00.124Z",\
                "started_at":"2026-01-14T10:00:00.125Z","finished_at":"2026-01-14T10:00:03.123Z",\
                "output":"kept","stdout_bytes":60000,"stderr_bytes":0},\
                "web-2":{"status":"failed","output":"dropped"},\
                "web-3":{"status":"unavailable","reason":"it was down","finished_at":"2026-01-14T10:00:00.123Z",\
                "output":"none"}}}}""");
    }

    @Test
    void lastOutputOfAFailedCommandIsAddedWhenAskedForAndOnlyThen() throws Exception {
        api.stored.put(JOB_ID, job(Optional.empty()));
        JobNode failed = new JobNode(
                "web-1",
                NodeStatus.FAILED,
                Optional.empty(),
                Optional.empty(),
                NodeTimes.NONE,
                Optional.of(new CommandEnd(3, Optional.empty())),
                new OutputState.None(),
                8);
        JobNode leftOut = new JobNode(
                "web-2",
                NodeStatus.FAILED,
                Optional.empty(),
                Optional.empty(),
                NodeTimes.NONE,
                Optional.empty(),
                new OutputState.None(),
                4096);
        api.jobNodes.put(JOB_ID, List.of(failed, leftOut));
        api.tails.put("web-1", new OutputTail(70, new byte[] {'a', 0, -1, '\n', 27, '"', (byte) 0xc3, (byte) 0xbc}));

        String plain = get("/jobs/" + JOB_ID).body();
        String detailed = get("/jobs/" + JOB_ID + "?detail=true").body();

        assertThat(detailed).endsWith("""
                "web-1":{"status":"failed","exit_code":3,"output":"none","output_tail_bytes":8},\
                "web-2":{"status":"failed","output":"none","output_tail_bytes":4096}}}}""");
        assertThat(get("/jobs/" + JOB_ID + "?output_tail=true").body()).isEqualTo(plain);
        assertThat(get("/jobs/" + JOB_ID + "?detail=true&output_tail=yes").body())
                .isEqualTo(detailed);
        assertThat(get("/jobs/" + JOB_ID + "?detail=true&output_tail=true").body())
                .isEqualTo(detailed.replace(
                        "\"output_tail_bytes\":8",
                        "\"output_tail_bytes\":8,\"output_tail_offset\":70,"
                                + "\"output_tail\":\"a\\u0000\ufffd\\n\\u001B\\\"ü\""));
        // where nothing was captured there is nothing, as with the original
        assertThat(get("/jobs/" + JOB_ID + "/output/web-1/stdout").status()).isEqualTo(404);
    }

    @Test
    void detailAndFileCanBeHadTogether() throws Exception {
        api.stored.put(JOB_ID, job(Optional.empty()));

        assertThat(get("/jobs/" + JOB_ID + "?detail=true&include_file=true").body())
                .endsWith("\"file\":\"raw:secret\",\"detail\":{\"requested_by\":\"alice\",\"quorum\":1,\"nodes\":{}}}");
    }

    @Test
    void missingOutputSaysWhenTheAgentDroppedIt() throws Exception {
        api.jobNodes.put(
                JOB_ID,
                List.of(
                        new JobNode(
                                "web-1",
                                NodeStatus.SUCCEEDED,
                                Optional.empty(),
                                NodeTimes.NONE,
                                new OutputState.Dropped()),
                        new JobNode(
                                "web-2",
                                NodeStatus.SUCCEEDED,
                                Optional.empty(),
                                NodeTimes.NONE,
                                new OutputState.None())));

        TestRequest.Answer dropped = get("/jobs/" + JOB_ID + "/output/web-1/stdout");
        TestRequest.Answer none = get("/jobs/" + JOB_ID + "/output/web-2/stdout");

        assertThat(dropped.status()).isEqualTo(404);
        assertThat(dropped.body())
                .isEqualTo("{\"error\":[\"there is no stdout of node 'web-1' for job '" + JOB_ID
                        + "': the agent dropped the output, it is longer than the agent's limit for stdout and stderr"
                        + " together\"]}");
        assertThat(none.status()).isEqualTo(404);
        assertThat(none.body())
                .isEqualTo("{\"error\":[\"there is no stdout of node 'web-2' for job '" + JOB_ID + "'\"]}");
    }

    private static StoredJob job(Optional<JobAbort> abort) {
        JobSpec spec = new JobSpec(
                "backup", Optional.empty(), Optional.empty(), Optional.empty(), Optional.of("raw:secret"), false);
        return new StoredJob(
                JOB_ID,
                TestApi.GUID,
                "alice",
                new JobTerms(spec, List.of("web-1"), 1, 60),
                JobStatus.RUNNING,
                CREATED,
                CREATED,
                Map.of("web-1", NodeStatus.RUNNING),
                1,
                abort);
    }

    // ---- idempotency keys

    @ParameterizedTest
    @ValueSource(strings = {"x", "8e03978e-40d5-43e8-bc93-6894a57f9324", "\"quoted\"", "!~"})
    void keyGoesWithTheRequest(String key) throws Exception {
        TestRequest.Answer answer = post(key, POST);

        assertThat(answer.status()).isEqualTo(201);
        assertThat(api.started.getFirst().key().map(IdempotencyKey::value)).contains(key);
    }

    @Test
    void sameBodyHasTheSameDigestAndAnotherBodyAnother() throws Exception {
        post("k", POST);
        post("k", POST);
        post("k", POST + " ");

        List<String> digests = api.started.stream()
                .map(request -> request.key().orElseThrow().requestDigest())
                .toList();
        assertThat(digests.get(1)).isEqualTo(digests.get(0)).matches("[0-9a-f]{64}");
        assertThat(digests.get(2)).isNotEqualTo(digests.get(0));
    }

    @Test
    void longestKeyIsTakenAndALongerOneIsNot() throws Exception {
        assertThat(post("k".repeat(255), POST).status()).isEqualTo(201);
        assertThat(post("k".repeat(256), POST).status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "two words", "ta\tb"})
    void malformedKeyIsABadRequest(String key) throws Exception {
        TestRequest.Answer answer = post(key, POST);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body())
                .isEqualTo("{\"error\":[\"the header Idempotency-Key is '" + key.replace('\t', '?')
                        + "' and must be there once and have 1 to 255 visible ASCII"
                        + " characters\"]}");
        assertThat(api.started).isEmpty();
    }

    @Test
    void requestWithoutAKeyHasNone() throws Exception {
        TestRequest.post(ORG + "/jobs", POST).sign("alice", ALICE).send(api);

        assertThat(api.started.getFirst().key()).isEmpty();
    }

    private static TestRequest.Answer post(String key, String body) throws Exception {
        return TestRequest.post(ORG + "/jobs", body)
                .header("Idempotency-Key", key)
                .sign("alice", ALICE)
                .send(api);
    }
}
