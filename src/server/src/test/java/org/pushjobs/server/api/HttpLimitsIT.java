package org.pushjobs.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyPair;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.server.directory.Principal;

/** HTTP/1.0 and 1.1 on the wire, and clients that send too much or too slowly. */
class HttpLimitsIT {
    private static final KeyPair ALICE = PemKeys.generate();
    private static final String JOBS = "/organizations/acme/pushy/jobs";
    private static final String JOB = "{\"command\":\"c\",\"nodes\":[\"a\"]}";
    private static final String STATUS_REQUEST = "GET /pushy/_status HTTP/1.1\r\nHost: x\r\n\r\n";
    private static final String TOO_LONG = "{\"error\":\"JSON must be no more than 1000000 bytes.\"}";
    private static final HttpLimits SHORT = new HttpLimits(
            1_000_000, Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1));

    private static TestApi api;
    private static TestApi impatient;

    @BeforeAll
    static void start() throws Exception {
        api = TestApi.start();
        impatient = TestApi.start(SHORT);
    }

    @AfterAll
    static void stop() throws Exception {
        api.close();
        impatient.close();
    }

    @BeforeEach
    void setUp() {
        for (TestApi each : new TestApi[] {api, impatient}) {
            each.reset();
            each.addMember("alice", Principal.Type.USER, ALICE);
            each.readers.add("alice");
            each.writers.add("alice");
        }
    }

    private static String signedHead(String method, String target, String version, String body, String... headers) {
        TestRequest request = TestRequest.post(target, body);
        request.method = method;
        return request.sign("alice", ALICE).head(version, headers);
    }

    @Test
    void http10WithoutHostIsAnsweredAndTheConnectionClosed() throws Exception {
        try (RawHttp http = new RawHttp(api.port)) {
            http.write(signedHead("POST", JOBS, "1.0", JOB, "Content-Length: " + JOB.length()) + JOB);

            RawHttp.Answer answer = http.readAnswer();
            assertThat(answer.status()).isEqualTo(201);
            assertThat(answer.headers()).doesNotContainKey("Transfer-Encoding");
            assertThat(answer.headers().get("Location"))
                    .isEqualTo("http://push.example.com:" + api.port + JOBS + "/0123abcd0000000000000000000000ff");
            http.awaitClose();
        }
    }

    @Test
    void http10BehindAProxyUsesItsHostAndScheme() throws Exception {
        RawHttp.Answer answer = RawHttp.exchange(
                api.port,
                signedHead(
                                "POST",
                                JOBS,
                                "1.0",
                                JOB,
                                "Host: chef.example.com",
                                "X-Forwarded-Proto: https",
                                "Connection: close",
                                "Content-Length: " + JOB.length())
                        + JOB);

        assertThat(answer.headers().get("Location"))
                .isEqualTo("https://chef.example.com" + JOBS + "/0123abcd0000000000000000000000ff");
    }

    @Test
    void http11KeepsTheConnectionAfterSuccessAndAfterAnError() throws Exception {
        try (RawHttp http = new RawHttp(api.port)) {
            for (int i = 0; i < 3; i++) {
                http.write("GET " + JOBS + " HTTP/1.1\r\nHost: x\r\n\r\n");
                assertThat(http.readAnswer().status()).isEqualTo(400);
                http.write(signedHead("GET", JOBS, "1.1", "", "Host: x"));
                assertThat(http.readAnswer().status()).isEqualTo(200);
            }
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws Exception {
        try (RawHttp http = new RawHttp(api.port)) {
            http.write(STATUS_REQUEST + "GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n" + STATUS_REQUEST);

            assertThat(http.readAnswer().status()).isEqualTo(200);
            assertThat(http.readAnswer().status()).isEqualTo(404);
            assertThat(http.readAnswer().status()).isEqualTo(200);
        }
    }

    @Test
    void targetInAbsoluteFormIsSignedByItsPath() throws Exception {
        String head = signedHead("GET", JOBS, "1.1", "", "Host: x").replace("GET /", "GET http://chef.example.com/");

        assertThat(RawHttp.exchange(api.port, head).status()).isEqualTo(200);
    }

    @Test
    void chunkedBodyIsTaken() throws Exception {
        RawHttp.Answer answer = RawHttp.exchange(
                api.port,
                signedHead("POST", JOBS, "1.1", JOB, "Host: x", "Transfer-Encoding: chunked")
                        + Integer.toHexString(JOB.length()) + "\r\n" + JOB + "\r\n0\r\n\r\n");

        assertThat(answer.status()).isEqualTo(201);
    }

    @Test
    void declaredTooLongBodyIsRefusedBeforeItComesAndTheConnectionStaysUsable() throws Exception {
        try (RawHttp http = new RawHttp(api.port)) {
            http.write(signedHead("POST", JOBS, "1.1", "", "Host: x", "Content-Length: 3000000"));
            RawHttp.Answer answer = http.readAnswer();
            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.body()).isEqualTo(TOO_LONG);
            assertThat(answer.headers()).containsEntry("connection", "close");

            http.write("x".repeat(3_000_000) + STATUS_REQUEST);
            assertThat(http.readAnswer().status()).isEqualTo(200);
        }
    }

    @Test
    void chunkedBodyIsRefusedAsSoonAsItIsTooLongWithoutEnding() throws Exception {
        try (RawHttp http = new RawHttp(api.port)) {
            http.write(signedHead("POST", JOBS, "1.1", "", "Host: x", "Transfer-Encoding: chunked"));
            String chunk = Integer.toHexString(100_000) + "\r\n" + "x".repeat(100_000) + "\r\n";
            for (int i = 0; i < 11; i++) {
                http.write(chunk);
            }

            RawHttp.Answer answer = http.readAnswer();
            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.body()).isEqualTo(TOO_LONG);
        }
    }

    @Test
    void continueIsSentOnlyWhenTheBodyIsWanted() throws Exception {
        try (RawHttp http = new RawHttp(api.port)) {
            http.write(signedHead(
                    "POST", JOBS, "1.1", JOB, "Host: x", "Expect: 100-continue", "Content-Length: " + JOB.length()));
            assertThat(http.readAnswer().status()).isEqualTo(100);
            http.write(JOB);
            assertThat(http.readAnswer().status()).isEqualTo(201);
        }
        try (RawHttp http = new RawHttp(api.port)) {
            http.write(
                    signedHead("POST", JOBS, "1.1", "", "Host: x", "Expect: 100-continue", "Content-Length: 1000001"));
            assertThat(http.readAnswer().status()).isEqualTo(413);
        }
    }

    @Test
    void restOfARefusedBodyIsReadOnlyForALimitedTime() throws Exception {
        String head = signedHead("POST", JOBS, "1.1", "", "Host: x", "Content-Length: 3000000");
        try (RawHttp http = new RawHttp(impatient.port)) {
            http.write(head);
            assertThat(http.readAnswer().status()).isEqualTo(413);

            http.awaitClose();
        }
    }

    @Test
    void bodyThatDoesNotComeTimesOut() throws Exception {
        String head = signedHead("POST", JOBS, "1.1", JOB, "Host: x", "Content-Length: " + JOB.length());
        try (RawHttp http = new RawHttp(impatient.port)) {
            http.write(head + "{");

            RawHttp.Answer answer = http.readAnswer();
            assertThat(answer.status()).isEqualTo(408);
            http.awaitClose();
        }
    }

    @Test
    void connectionWithoutARequestIsClosed() throws Exception {
        try (RawHttp silent = new RawHttp(impatient.port);
                RawHttp halfAHead = new RawHttp(impatient.port)) {
            halfAHead.write("GET /pushy/_status HTTP/1.1\r\nX-Slow: ");

            silent.awaitClose();
            halfAHead.awaitClose();
        }
    }

    @Test
    void idleConnectionIsClosedAfterItsLastAnswer() throws Exception {
        try (RawHttp http = new RawHttp(impatient.port)) {
            http.write(STATUS_REQUEST + STATUS_REQUEST);
            assertThat(http.readAnswer().status()).isEqualTo(200);
            assertThat(http.readAnswer().status()).isEqualTo(200);

            http.awaitClose();
        }
    }

    @Test
    void overlongRequestLineAndHeadersAreRefused() throws Exception {
        assertThat(RawHttp.exchange(api.port, "GET /" + "x".repeat(9_000) + " HTTP/1.1\r\nHost: x\r\n\r\n")
                        .status())
                .isEqualTo(414);
        assertThat(RawHttp.exchange(api.port, "GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + "x".repeat(17_000) + "\r\n\r\n")
                        .status())
                .isEqualTo(431);
    }
}
