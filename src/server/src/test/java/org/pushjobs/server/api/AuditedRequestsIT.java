package org.pushjobs.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyPair;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.protocol.request.SigningVersion;
import org.pushjobs.server.directory.Principal;
import org.pushjobs.server.store.AuditRow;
import org.pushjobs.server.store.AuditRow.Outcome;
import org.pushjobs.server.testing.Await;

/** Every request to start a job is a line of the audit log, whatever comes of it; others are none. */
class AuditedRequestsIT {
    private static final String JOBS = "/organizations/acme/pushy/jobs";
    private static final String BODY = "{\"command\":\"chef-client\",\"nodes\":[\"web-1\",\"web-2\"]}";
    private static final KeyPair ALICE = PemKeys.generate();
    private static final KeyPair BOB = PemKeys.generate();
    private static final AuditRow.Options PLAIN =
            new AuditRow.Options(Optional.empty(), Optional.empty(), 0, List.of(), Optional.empty(), 2, 3600, false);
    private static final AuditRow.Job WHAT = AuditRow.Job.requested("chef-client", List.of("web-1", "web-2"), PLAIN);

    private static TestApi api;

    @BeforeAll
    static void start() throws Exception {
        api = TestApi.start();
    }

    @AfterAll
    static void stop() throws TimeoutException {
        api.close();
    }

    @BeforeEach
    void setUp() {
        api.reset();
        api.addMember("alice", Principal.Type.USER, ALICE);
        api.addMember("bob", Principal.Type.CLIENT, BOB);
        api.writers.add("alice");
        api.readers.addAll(List.of("alice", "bob"));
    }

    private static AuditRow only(TestRequest request) throws Exception {
        request.header("X-Request-Id", "my-request").send(api);
        Await.until("a line", () -> !api.audited.isEmpty());
        assertThat(api.audited).hasSize(1);
        AuditRow row = api.audited.getFirst();
        assertThat(row.requestId()).isEqualTo("my-request");
        assertThat(row.action()).isEqualTo("job_start");
        assertThat(row.orgName()).isEqualTo("acme");
        assertThat(row.at()).isEqualTo(TestApi.NOW);
        return row;
    }

    @Test
    void startedJobIsALineWithEverything() throws Exception {
        AuditRow row = only(TestRequest.post(JOBS, BODY)
                .header("X-Forwarded-For", "10.9.9.9, 192.0.2.7")
                .sign("alice", ALICE));

        assertThat(row.outcome()).isEqualTo(Outcome.DONE);
        assertThat(row.status()).isEqualTo(201);
        assertThat(row.reason()).isEmpty();
        assertThat(row.job()).isEqualTo(WHAT.withId(TestApi.NEW_JOB_ID));
        assertThat(row.orgGuid()).contains(TestApi.GUID);
        assertThat(row.requestor()).isEqualTo("alice");
        assertThat(row.identity().orElseThrow().type()).isEqualTo("user");
        assertThat(row.identity().orElseThrow().keyFingerprint()).matches("SHA256:[A-Za-z0-9+/]{43}");
        assertThat(row.remoteAddress()).isEqualTo("192.0.2.7");
    }

    @Test
    void lineSaysHowTheJobWasToRunButNothingThatMayBeSecret() throws Exception {
        AuditRow row = only(TestRequest.post(JOBS, """
                        {"command": "chef-client", "nodes": ["web-1", "web-2"], "user": "deploy", "dir": "/srv",
                         "env": {"TOKEN": "hidden", "LANG": "C"}, "file": "base64:aGlkZGVu", "quorum": 1,
                         "run_timeout": 60, "capture_output": true}""").sign("alice", ALICE));

        assertThat(row.job().options())
                .contains(new AuditRow.Options(
                        Optional.of("deploy"),
                        Optional.of("/srv"),
                        2,
                        List.of("TOKEN", "LANG"),
                        Optional.of("hidden".length()),
                        1,
                        60,
                        true));
        assertThat(row.toString()).doesNotContain("hidden");
    }

    @Test
    void namesOfManyVariablesAreCut() {
        AuditRow.Options options = new AuditRow.Options(
                Optional.empty(),
                Optional.of("/".repeat(5_000)),
                5_000,
                Collections.nCopies(5_000, "N".repeat(1_000)),
                Optional.empty(),
                1,
                60,
                false);

        assertThat(options.variableCount()).isEqualTo(5_000);
        assertThat(options.variables())
                .hasSize(AuditRow.MAX_VARIABLES)
                .allMatch(name -> name.length() == AuditRow.MAX_VARIABLE_CHARACTERS);
        assertThat(options.dir().orElseThrow()).hasSize(AuditRow.MAX_COMMAND_CHARACTERS);
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                Arguments.argumentSet("not signed", TestRequest.post(JOBS, BODY), 400, "-", false, false),
                Arguments.argumentSet(
                        "a wrong clock",
                        TestRequest.post(JOBS, BODY)
                                .sign("alice", ALICE, SigningVersion.V1_3, TestApi.NOW.minusSeconds(1_000)),
                        401,
                        "alice",
                        false,
                        false),
                Arguments.argumentSet(
                        "somebody else's key",
                        TestRequest.post(JOBS, BODY).sign("alice", BOB),
                        401,
                        "alice",
                        false,
                        true),
                Arguments.argumentSet(
                        "nobody", TestRequest.post(JOBS, BODY).sign("nobody", BOB), 401, "nobody", false, true),
                Arguments.argumentSet(
                        "no writer", TestRequest.post(JOBS, BODY).sign("bob", BOB), 403, "bob", true, true),
                Arguments.argumentSet(
                        "no node",
                        TestRequest.post(JOBS, "{\"command\":\"x\"}").sign("alice", ALICE),
                        400,
                        "alice",
                        false,
                        false),
                Arguments.argumentSet(
                        "another content type",
                        TestRequest.post(JOBS, BODY)
                                .header("Content-Type", "text/plain")
                                .sign("alice", ALICE),
                        415,
                        "alice",
                        true,
                        true),
                Arguments.argumentSet(
                        "a body that is too long",
                        TestRequest.post(JOBS, " ".repeat(1_000_001)).sign("alice", ALICE),
                        413,
                        "alice",
                        false,
                        false));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refusedRequestIsALineWithWhatIsKnown(
            TestRequest request, int status, String requestor, boolean proven, boolean understood) throws Exception {
        AuditRow row = only(request);

        assertThat(row.status()).isEqualTo(status);
        assertThat(row.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(row.requestor()).isEqualTo(requestor);
        assertThat(row.identity().isPresent()).isEqualTo(proven);
        assertThat(row.job()).isEqualTo(understood ? WHAT : AuditRow.Job.UNKNOWN);
        assertThat(row.reason()).isPresent();
        assertThat(api.started).isEmpty();
    }

    @Test
    void requestThatTheServerCouldNotServeIsALine() throws Exception {
        api.jobsFailure = Optional.of(TestApi.databaseAway());

        AuditRow row = only(TestRequest.post(JOBS, BODY).sign("alice", ALICE));

        assertThat(row.status()).isEqualTo(503);
        assertThat(row.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(row.job()).isEqualTo(WHAT);
    }

    @Test
    void requestBeforeTheServerIsReadyIsALine() throws Exception {
        api.ready = false;

        assertThat(only(TestRequest.post(JOBS, BODY).sign("alice", ALICE)).status())
                .isEqualTo(503);
    }

    @Test
    void readingIsNotAudited() throws Exception {
        assertThat(TestRequest.get(JOBS).sign("alice", ALICE).send(api).status())
                .isEqualTo(200);
        assertThat(TestRequest.get(JOBS).send(api).status()).isEqualTo(400);
        only(TestRequest.post(JOBS, BODY).sign("alice", ALICE));
    }

    @Test
    void longCommandsAndManyNodesAreCut() {
        AuditRow.Job job = AuditRow.Job.requested("x".repeat(100_000), Collections.nCopies(5_000, "web-1"), PLAIN);

        assertThat(job.command().orElseThrow()).hasSize(AuditRow.MAX_COMMAND_CHARACTERS);
        assertThat(job.nodes()).hasSize(AuditRow.MAX_NODES);
        assertThat(job.nodeCount()).contains(5_000);
    }
}
