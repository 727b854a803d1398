package org.pushjobs.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.protocol.request.SigningVersion;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.directory.Principal;

/** Every check of request-signing.md against every resource, and the order of decisions of rest-api.md. */
class RequestChecksIT {
    private static final String ORG = "/organizations/acme/pushy";
    private static final String JOB_ID = "0123abcd000000000000000000000001";
    private static final String JOB = "{\"command\":\"chef-client\",\"nodes\":[\"web-1\"]}";
    private static final String CHALLENGE = "X-Ops-Sign version=\"1.0\" version=\"1.1\" version=\"1.3\"";
    private static final KeyPair ALICE = PemKeys.generate();
    private static final KeyPair OTHER = PemKeys.generate();

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
    void aliceMayDoEverything() {
        api.reset();
        api.addMember("alice", Principal.Type.USER, ALICE);
        api.readers.add("alice");
        api.writers.add("alice");
    }

    /** One of the resources; requests to it are sound before a check spoils them. */
    private record Target(String method, String path) {
        TestRequest request() {
            return method.equals("POST") ? TestRequest.post(path, JOB) : TestRequest.get(path);
        }

        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    private static final List<Target> TARGETS = List.of(
            new Target("GET", ORG + "/config/web-1?ccpk=" + "0".repeat(40)),
            new Target("GET", ORG + "/jobs"),
            new Target("POST", ORG + "/jobs"),
            new Target("GET", ORG + "/jobs/" + JOB_ID),
            new Target("POST", ORG + "/jobs/" + JOB_ID + "/abort"),
            new Target("GET", ORG + "/jobs/" + JOB_ID + "/output/web-1/stdout"),
            new Target("GET", ORG + "/jobs/" + JOB_ID + "/output/web-1/stderr"),
            new Target("GET", ORG + "/node_states"),
            new Target("GET", ORG + "/node_states/web-1"),
            new Target("GET", ORG + "/connect/web-1"),
            // not the organisation's feed, which never ends
            new Target("GET", ORG + "/job_status_feed/" + JOB_ID),
            new Target("GET", ORG + "/jobs_status_feed/" + JOB_ID));

    private enum Check {
        NO_HEADERS(
                400,
                "missing required authentication header(s) 'X-Ops-UserId', 'X-Ops-Timestamp', 'X-Ops-Sign', 'X-Ops-Content-Hash'",
                (request, _) -> request.headers
                        .keySet()
                        .removeIf(name -> name.toLowerCase().startsWith("x-ops"))),
        NO_USER(
                400,
                "missing required authentication header(s) 'X-Ops-UserId'",
                (request, _) -> request.headers.remove("X-Ops-UserId")),
        EMPTY_USER(
                400,
                "missing required authentication header(s) 'X-Ops-UserId'",
                (request, _) -> request.header("X-Ops-UserId", "")),
        NO_TIMESTAMP(
                400,
                "missing required authentication header(s) 'X-Ops-Timestamp'",
                (request, _) -> request.headers.remove("X-Ops-Timestamp")),
        EMPTY_TIMESTAMP(
                400,
                "missing required authentication header(s) 'X-Ops-Timestamp'",
                (request, _) -> request.header("X-Ops-Timestamp", "")),
        NO_SIGN(
                400,
                "missing required authentication header(s) 'X-Ops-Sign'",
                (request, _) -> request.headers.remove("X-Ops-Sign")),
        EMPTY_SIGN(
                400,
                "missing required authentication header(s) 'X-Ops-Sign'",
                (request, _) -> request.header("X-Ops-Sign", "")),
        NO_HASH(
                400,
                "missing required authentication header(s) 'X-Ops-Content-Hash'",
                (request, _) -> request.headers.remove("X-Ops-Content-Hash")),
        EMPTY_HASH(
                400,
                "missing required authentication header(s) 'X-Ops-Content-Hash'",
                (request, _) -> request.header("X-Ops-Content-Hash", "")),
        MISSING_BEFORE_MALFORMED(
                400,
                "missing required authentication header(s) 'X-Ops-UserId'",
                (request, _) ->
                        request.header("X-Ops-Timestamp", "yesterday").headers.remove("X-Ops-UserId")),
        NO_SIGN_AND_EMPTY_HASH(
                400,
                "missing required authentication header(s) 'X-Ops-Sign', 'X-Ops-Content-Hash'",
                (request, _) -> request.header("X-Ops-Content-Hash", "").headers.remove("X-Ops-Sign")),
        BAD_TIMESTAMP(
                401, "bad header(s) 'X-Ops-Timestamp'", (request, _) -> request.header("X-Ops-Timestamp", "yesterday")),
        TIMESTAMP_IS_NO_DAY(
                401,
                "bad header(s) 'X-Ops-Timestamp'",
                (request, _) -> request.header("X-Ops-Timestamp", "2026-02-30T00:00:00Z")),
        TIMESTAMP_IS_A_NUMBER(
                401,
                "bad header(s) 'X-Ops-Timestamp'",
                (request, _) -> request.header("X-Ops-Timestamp", "1768480496")),
        TIMESTAMP_BEFORE_VERSION(
                401,
                "bad header(s) 'X-Ops-Timestamp'",
                (request, _) -> request.header("X-Ops-Timestamp", "yesterday").header("X-Ops-Sign", "version=9")),
        TOO_OLD(
                401,
                "Failed to authenticate as alice. Synchronize the clock on your host.",
                (request, version) -> sign(request, version, TestApi.NOW.minusSeconds(901))),
        TOO_NEW(
                401,
                "Failed to authenticate as alice. Synchronize the clock on your host.",
                (request, version) -> sign(request, version, TestApi.NOW.plusSeconds(901))),
        UNKNOWN_VERSION(
                400,
                "Unsupported authentication protocol version",
                (request, _) -> request.header("X-Ops-Sign", "algorithm=sha1;version=2.0;")),
        MALFORMED_SIGN(
                400,
                "Unsupported authentication protocol version",
                (request, _) -> request.header("X-Ops-Sign", "garbage")),
        SIGN_WITHOUT_VERSION(
                400,
                "Unsupported authentication protocol version",
                (request, _) -> request.header("X-Ops-Sign", "algorithm=sha1;")),
        SIGN_OF_NO_VALUES(
                400,
                "Unsupported authentication protocol version",
                (request, _) -> request.header("X-Ops-Sign", "version=;algorithm=;")),
        ALGORITHM_OF_ANOTHER_VERSION(
                400,
                "Unsupported authentication protocol version",
                (request, _) -> request.header("X-Ops-Sign", "algorithm=sha256;version=1.1")),
        VERSION_BEFORE_ORGANISATION(400, "Unsupported authentication protocol version", (request, _) -> {
            request.target = request.target.replace("/acme/", "/nowhere/");
            request.header("X-Ops-Sign", "version=0.9");
        }),
        UNKNOWN_ALGORITHM(
                400,
                "Unsupported authentication protocol version",
                (request, _) -> request.header("X-Ops-Sign", "algorithm=md5;version=1.0;")),
        UNKNOWN_ORGANISATION(404, "organization 'nowhere' does not exist.", (request, version) -> {
            request.target = request.target.replace("/acme/", "/nowhere/");
            sign(request, version, TestApi.NOW);
        }),
        ORGANISATION_WITH_NUL(404, "organization 'ac\\u0000me' does not exist.", (request, version) -> {
            request.target = request.target.replace("/acme/", "/ac%00me/");
            sign(request, version, TestApi.NOW);
        }),
        UNKNOWN_USER(
                401,
                "Failed to authenticate as 'nobody'. Ensure that your node_name and client key are correct.",
                (request, version) -> request.sign("nobody", ALICE, version, TestApi.NOW)),
        NOT_A_MEMBER(403, "'mallory' is not associated with organization 'acme'", (request, version) -> {
            api.principals.add(new Principal("mallory", Principal.Type.USER, pem(OTHER), false));
            request.sign("mallory", OTHER, version, TestApi.NOW);
        }),
        NOT_A_MEMBER_BEFORE_SIGNATURE(
                403, "'mallory' is not associated with organization 'acme'", (request, version) -> {
                    api.principals.add(new Principal("mallory", Principal.Type.USER, pem(OTHER), false));
                    request.sign("mallory", ALICE, version, TestApi.NOW);
                }),
        OTHER_KEY(
                401,
                "Invalid signature for user or client 'alice'",
                (request, version) -> request.sign("alice", OTHER, version, TestApi.NOW)),
        NO_SIGNATURE(
                401,
                "Invalid signature for user or client 'alice'",
                (request, _) -> request.headers.keySet().removeIf(name -> name.startsWith("X-Ops-Authorization"))),
        EMPTY_SIGNATURE(
                401,
                "Invalid signature for user or client 'alice'",
                (request, _) -> request.headers.replaceAll(
                        (name, value) -> name.startsWith("X-Ops-Authorization") ? "" : value)),
        EMPTY_SIGNATURE_LINE(
                401,
                "Invalid signature for user or client 'alice'",
                (request, _) -> request.header("X-Ops-Authorization-1", "")),
        SIGNATURE_TOO_LONG(
                401,
                "Invalid signature for user or client 'alice'",
                (request, _) -> request.header("X-Ops-Authorization-7", "AAAA")),
        OTHER_VERSION(
                401,
                "Invalid signature for user or client 'alice'",
                (request, version) ->
                        request.header("X-Ops-Sign", "version=" + (version == SigningVersion.V1_0 ? "1.1" : "1.0"))),
        MISSING_SIGNATURE_LINE(
                401,
                "Invalid signature for user or client 'alice'",
                (request, _) -> request.headers.remove("X-Ops-Authorization-2")),
        SIGNATURE_IS_NO_BASE64(
                401,
                "Invalid signature for user or client 'alice'",
                (request, _) -> request.header("X-Ops-Authorization-1", "?")),
        OTHER_TIME(
                401,
                "Invalid signature for user or client 'alice'",
                (request, _) -> request.header("X-Ops-Timestamp", "2026-01-15T12:34:57Z")),
        OTHER_HASH(
                401,
                "Invalid signature for user or client 'alice'",
                (request, _) -> request.header("X-Ops-Content-Hash", "EfatjsUqKYSrqv18O1FlA3hcIHI=")),
        MALFORMED_HASH(
                401,
                "Invalid signature for user or client 'alice'",
                (request, _) -> request.header("X-Ops-Content-Hash", "?")),
        OTHER_USERS_NAME(401, "Invalid signature for user or client 'bob'", (request, _) -> {
            api.addMember("bob", Principal.Type.USER, OTHER);
            request.header("X-Ops-UserId", "bob");
        }),
        OTHER_PATH(401, "Invalid signature for user or client 'alice'", (request, version) -> {
            String target = request.target;
            request.target = "/elsewhere";
            sign(request, version, TestApi.NOW);
            request.target = target;
        }),
        OTHER_METHOD(401, "Invalid signature for user or client 'alice'", (request, version) -> {
            String method = request.method;
            request.method = "DELETE";
            sign(request, version, TestApi.NOW);
            request.method = method;
        }),
        OTHER_BODY(401, "Invalid signature for user or client 'alice'", (request, version) -> {
            byte[] body = request.body;
            request.body = "{}".getBytes(StandardCharsets.UTF_8);
            sign(request, version, TestApi.NOW);
            request.body = body;
        }),
        KEY_OF_THE_DIRECTORY_IS_DAMAGED(401, "Invalid signature for user or client 'broken'", (request, version) -> {
            api.principals.add(new Principal("broken", Principal.Type.USER, "no key at all", true));
            request.sign("broken", ALICE, version, TestApi.NOW);
        }),
        DIRECTORY_AWAY(
                502,
                "the Chef server cannot be reached",
                (_, _) -> api.directoryFailure =
                        Optional.of(new ServerException(502, "the Chef server cannot be reached"))),
        NOT_PERMITTED(403, "User or client 'alice' does not have access to that action on this server.", (_, _) -> {
            api.readers.clear();
            api.writers.clear();
        });

        private final int status;
        private final String error;
        private final BiConsumer<TestRequest, SigningVersion> spoil;

        Check(int status, String error, BiConsumer<TestRequest, SigningVersion> spoil) {
            this.status = status;
            this.error = error;
            this.spoil = spoil;
        }

        private boolean hasChallenge() {
            return error.startsWith("Failed to authenticate as '") || error.startsWith("Invalid signature");
        }
    }

    private static void sign(TestRequest request, SigningVersion version, Instant at) {
        request.sign("alice", ALICE, version, at);
    }

    private static String pem(KeyPair keys) {
        return PemKeys.toPem((RSAPublicKey) keys.getPublic());
    }

    static Stream<Arguments> everyCheckOnEveryResource() {
        return Arrays.stream(Check.values())
                .flatMap(check -> Arrays.stream(SigningVersion.values())
                        .flatMap(version -> TARGETS.stream().map(target -> Arguments.of(check, version, target))));
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("everyCheckOnEveryResource")
    void failedCheckIsAnsweredAsSpecified(Check check, SigningVersion version, Target target) throws Exception {
        TestRequest request = target.request();
        sign(request, version, TestApi.NOW);
        check.spoil.accept(request, version);

        TestRequest.Answer answer = request.send(api);

        assertThat(answer.body()).isEqualTo("{\"error\":[\"" + check.error + "\"]}");
        assertThat(answer.status()).isEqualTo(check.status);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.header("WWW-Authenticate")).isEqualTo(check.hasChallenge() ? CHALLENGE : "");
        assertThat(api.started).isEmpty();
        assertThat(api.aborted).isEmpty();
        assertThat(api.admitted).isEmpty();
    }

    static Stream<Arguments> everyVersionOnEveryResource() {
        return Arrays.stream(SigningVersion.values())
                .flatMap(version -> TARGETS.stream().map(target -> Arguments.of(version, target)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("everyVersionOnEveryResource")
    void everySigningVersionIsAcceptedUpToTheLimitOfTheClock(SigningVersion version, Target target) throws Exception {
        for (Instant at : List.of(TestApi.NOW, TestApi.NOW.minusSeconds(900), TestApi.NOW.plusSeconds(900))) {
            TestRequest request = target.request();
            request.sign("alice", ALICE, version, at);

            assertThat(request.send(api).status()).isIn(200, 201, 202, 404);
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("everyVersionOnEveryResource")
    void everySigningVersionIsRefusedWhenTheBodyIsNotTheSignedOne(SigningVersion version, Target target)
            throws Exception {
        TestRequest request = target.request();
        byte[] body = request.body;
        request.body = "{\"command\":\"rm\",\"nodes\":[\"web-1\"]}".getBytes(StandardCharsets.UTF_8);
        request.sign("alice", ALICE, version, TestApi.NOW);
        request.body = body;

        assertThat(request.send(api).status()).isEqualTo(401);
        assertThat(api.started).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void onlyVersion13CoversTheServerApiVersion(SigningVersion version) throws Exception {
        TestRequest request = TestRequest.get(ORG + "/jobs").header("X-Ops-Server-API-Version", "1");
        sign(request, version, TestApi.NOW);
        assertThat(request.send(api).status()).isEqualTo(200);

        request.header("X-Ops-Server-API-Version", "2");
        assertThat(request.send(api).status()).isEqualTo(version == SigningVersion.V1_3 ? 401 : 200);
    }

    @ParameterizedTest
    @CsvSource({
        "'version=1.1', 200",
        "'algorithm=sha1;version=1.1', 200",
        "'algorithm=sha1;version=1.1;', 200",
        "'version=1.1;algorithm=sha1;', 200",
        "'version=1.1;;algorithm=sha1', 200",
        "'VERSION=1.1', 400",
        "'version=1.10', 400"
    })
    void partsOfTheSignHeaderMayComeInAnyOrder(String sign, int status) throws Exception {
        TestRequest request = TestRequest.get(ORG + "/jobs");
        sign(request, SigningVersion.V1_1, TestApi.NOW);

        assertThat(request.header("X-Ops-Sign", sign).send(api).status()).isEqualTo(status);
    }

    @Test
    void headerNamesHaveNoCase() throws Exception {
        TestRequest request = TestRequest.get(ORG + "/jobs");
        sign(request, SigningVersion.V1_3, TestApi.NOW);
        String head = request.head("1.1", "Host: x").replace("X-Ops-", "x-OPS-");

        assertThat(RawHttp.exchange(api.port, head).status()).isEqualTo(200);
    }

    @Test
    void keyThatVerifiesDecidesWhetherTheRequestorIsAUserOrAClient() throws Exception {
        String path = ORG + "/config/both?ccpk=" + "0".repeat(40);
        api.addMember("both", Principal.Type.USER, ALICE);
        api.addMember("both", Principal.Type.CLIENT, OTHER);

        assertThat(TestRequest.get(path).sign("both", ALICE).send(api).status())
                .as("the user has no read permission")
                .isEqualTo(403);
        assertThat(TestRequest.get(path).sign("both", OTHER).send(api).status())
                .as("the client needs none")
                .isEqualTo(200);
    }

    @Test
    void everyKeyOfANameIsTried() throws Exception {
        KeyPair third = PemKeys.generate();
        api.principals.add(new Principal("alice", Principal.Type.USER, "damaged", true));
        api.addMember("alice", Principal.Type.USER, OTHER);
        api.addMember("alice", Principal.Type.USER, third);

        for (KeyPair keys : List.of(ALICE, OTHER, third)) {
            assertThat(TestRequest.get(ORG + "/jobs")
                            .sign("alice", keys)
                            .send(api)
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void keyOfANonMemberDoesNotProfitFromAMemberOfTheSameName() throws Exception {
        api.principals.add(new Principal("alice", Principal.Type.CLIENT, pem(OTHER), false));

        TestRequest.Answer answer =
                TestRequest.get(ORG + "/jobs").sign("alice", OTHER).send(api);

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.body()).isEqualTo("{\"error\":[\"'alice' is not associated with organization 'acme'\"]}");
    }

    @Test
    void readersMayNotWriteAndWritersMayNotRead() throws Exception {
        api.writers.clear();
        assertThat(TestRequest.post(ORG + "/jobs", JOB)
                        .sign("alice", ALICE)
                        .send(api)
                        .status())
                .isEqualTo(403);
        assertThat(TestRequest.get(ORG + "/jobs").sign("alice", ALICE).send(api).status())
                .isEqualTo(200);

        api.writers.add("alice");
        api.readers.clear();
        assertThat(TestRequest.post(ORG + "/jobs", JOB)
                        .sign("alice", ALICE)
                        .send(api)
                        .status())
                .isEqualTo(201);
        assertThat(TestRequest.get(ORG + "/jobs").sign("alice", ALICE).send(api).status())
                .isEqualTo(403);
    }

    @ParameterizedTest
    @CsvSource({
        "GET,    /",
        "GET,    /pushy",
        "GET,    /organizations/acme",
        "GET,    /organizations/acme/pushy",
        "GET,    /organizations/acme/pushy/config",
        "GET,    /organizations/acme/pushy/config/",
        "POST,   /organizations/acme/pushy/config/",
        "DELETE, /organizations/acme/pushy/config/",
        "GET,    /organizations/acme/pushy/jobs/" + JOB_ID + "/output",
        "GET,    /organizations/acme/pushy/jobs/" + JOB_ID + "/output/web-1",
        "GET,    /organizations/acme/pushy/jobs/" + JOB_ID + "/output/web-1/stdin",
        "PUT,    /organizations/acme/pushy/jobs/" + JOB_ID + "/nodes",
        "GET,    /organizations/acme/jobs",
        "GET,    /pushy/_status/more"
    })
    void unknownPathIsNotFoundBeforeAnythingElse(String method, String path) throws Exception {
        TestRequest.Answer answer = new TestRequest(method, path).send(api);

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.body()).isEqualTo("{\"error\":[\"there is no resource at this path\"]}");
    }

    @ParameterizedTest
    @CsvSource({
        "/pushy/_status, POST, GET",
        "/organizations/nowhere/pushy/jobs, PUT, 'GET, POST'",
        "/organizations/acme/pushy/jobs, DELETE, 'GET, POST'",
        "/organizations/acme/pushy/jobs/, HEAD, 'GET, POST'",
        "/organizations/acme/pushy/jobs/" + JOB_ID + ", DELETE, GET",
        "/organizations/acme/pushy/jobs/" + JOB_ID + ", POST, GET",
        "/organizations/acme/pushy/jobs/" + JOB_ID + "/output/web-1/stdout, POST, GET",
        "/organizations/acme/pushy/jobs/" + JOB_ID + "/abort, GET, POST",
        "/organizations/acme/pushy/jobs/" + JOB_ID + "/abort/, DELETE, POST",
        "/organizations/acme/pushy/node_states, POST, GET",
        "/organizations/acme/pushy/node_states/web-1, OPTIONS, GET",
        "/organizations/acme/pushy/connect/web-1, PATCH, GET",
        "/organizations/acme/pushy/config/web-1, POST, GET"
    })
    void methodThatIsNotAllowedIsRefusedBeforeAuthenticationAndReadiness(String path, String method, String allowed)
            throws Exception {
        api.ready = false;

        TestRequest.Answer answer = new TestRequest(method, path).send(api);

        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.header("Allow")).isEqualTo(allowed);
    }

    @Test
    void bodyIsValidatedBeforeOrganisationAndSignature() throws Exception {
        TestRequest.Answer answer = TestRequest.post("/organizations/nowhere/pushy/jobs", "{\"nodes\":[]}")
                .sign("nobody", OTHER)
                .send(api);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).isEqualTo("{\"error\":\"invalid command supplied\",\"field\":\"command\"}");
    }

    @Test
    void headersAreCheckedBeforeTheBody() throws Exception {
        TestRequest.Answer answer =
                TestRequest.post(ORG + "/jobs", "x".repeat(1_000_001)).send(api);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).startsWith("{\"error\":[\"missing required authentication header(s)");
    }

    @Test
    void bodySizeIsCheckedBeforeItsContentAndTheSignature() throws Exception {
        TestRequest.Answer answer = TestRequest.post("/organizations/nowhere/pushy/jobs", "x".repeat(1_000_001))
                .sign("nobody", OTHER)
                .send(api);

        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.body()).isEqualTo("{\"error\":\"JSON must be no more than 1000000 bytes.\"}");
    }

    @Test
    void bodyOfExactlyTheLimitIsRead() throws Exception {
        String body = JOB + " ".repeat(1_000_000 - JOB.length());

        assertThat(TestRequest.post(ORG + "/jobs", body)
                        .sign("alice", ALICE)
                        .send(api)
                        .status())
                .isEqualTo(201);
    }

    @ParameterizedTest
    @CsvSource({
        "jobs, text/html, 406",
        "jobs, application/*, 200",
        "node_states, 'text/html, */*;q=0.1', 200",
        "node_states, '', 200",
        "node_states, 'application/json;q=0', 406",
        "node_states, 'garbage', 406",
        "connect/web-1, image/png, 406",
        "config/web-1?ccpk=0000000000000000000000000000000000000000, text/html, 406",
        "node_states/web-1, application/octet-stream, 406",
        "jobs/ffffabcd000000000000000000000001, text/plain, 406",
        "jobs/ffffabcd000000000000000000000001, application/json, 404",
        "jobs/ffffabcd000000000000000000000001/output/web-1/stdout, application/json, 406",
        "jobs/ffffabcd000000000000000000000001/output/web-1/stdout, application/octet-stream, 404"
    })
    void acceptComesAfterAuthenticationAndBeforeTheResourceItself(String resource, String accept, int status)
            throws Exception {
        TestRequest request = TestRequest.get(ORG + "/" + resource).header("Accept", accept);

        assertThat(request.sign("alice", OTHER).send(api).status()).isEqualTo(401);
        assertThat(request.sign("alice", ALICE).send(api).status()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({
        "application/json, */*, 201",
        "'application/json; charset=utf-8', */*, 201",
        "text/plain, */*, 415",
        "application/x-www-form-urlencoded, */*, 415",
        "text/plain, text/html, 406"
    })
    void contentTypeOfPostComesAfterAuthenticationAndAccept(String contentType, String accept, int status)
            throws Exception {
        TestRequest request = TestRequest.post(ORG + "/jobs", JOB)
                .header("Content-Type", contentType)
                .header("Accept", accept);

        assertThat(request.sign("alice", OTHER).send(api).status()).isEqualTo(401);
        assertThat(request.sign("alice", ALICE).send(api).status()).isEqualTo(status);
    }

    @Test
    void postWithoutContentTypeIsUnsupported() throws Exception {
        TestRequest request = TestRequest.post(ORG + "/jobs", JOB);
        request.headers.remove("Content-Type");

        TestRequest.Answer answer = request.sign("alice", ALICE).send(api);

        assertThat(answer.status()).isEqualTo(415);
        assertThat(answer.body())
                .isEqualTo("{\"error\":[\"the request body must have the content type application/json\"]}");
    }

    @ParameterizedTest
    @MethodSource("targets")
    void nothingIsServedWhileTheServerIsNotReady(Target target) throws Exception {
        api.ready = false;

        TestRequest.Answer answer = target.request().sign("alice", ALICE).send(api);

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("Retry-After")).isEqualTo("5");
        assertThat(answer.body())
                .isEqualTo("{\"error\":[\"the server is not ready yet, its database cannot be reached\"]}");
    }

    static List<Target> targets() {
        return TARGETS;
    }

    @Test
    void unexpectedErrorIsAnsweredWithTheRequestIdOnly() throws Exception {
        api.directoryFailure = Optional.of(new IllegalStateException("secret detail"));

        TestRequest.Answer answer = TestRequest.get(ORG + "/jobs")
                .header("X-Request-Id", "my-request.1")
                .sign("alice", ALICE)
                .send(api);

        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.body()).isEqualTo("{\"error\":[\"internal server error (request id my-request.1)\"]}");
    }

    @ParameterizedTest
    @CsvSource({
        "/organizations/acme/pushy//jobs",
        "//organizations//acme///pushy/jobs",
        "/organizations/acme/pushy/jobs/",
        "/organizations/acme/pushy/jobs//",
        "//organizations/acme/pushy/node_states//",
        "/organizations/acme/pushy//node_states//web-1",
        "/organizations/acme/pushy/node_states/web%2D1",
        "/organizations/acme/pushy/node_states/a%2Fb",
        "/organizations/acme/pushy/node_states/a+b%20%C5%BE",
        "/organizations/acme/pushy/node_states/%00",
        "/organizations/acme/pushy/jobs?include_file=true"
    })
    void doubledSlashesAndATrailingOneAreTheSamePathForRoutingAndSignature(String path) throws Exception {
        assertThat(TestRequest.get(path).sign("alice", ALICE).send(api).status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"/organizations/acme/pushy/jobs/%zz", "/organizations/acme/pushy/node_states/%"})
    void malformedEscapesAreABadRequest(String path) throws Exception {
        RawHttp.Answer answer = RawHttp.exchange(api.port, "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).isEqualTo("{\"error\":[\"the request line or a header is malformed\"]}");
    }
}
