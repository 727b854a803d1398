package org.pushjobs.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.protocol.message.JobSpec;
import org.pushjobs.server.directory.Principal;
import org.pushjobs.server.jobs.model.JobStatus;
import org.pushjobs.server.jobs.model.JobSummary;
import org.pushjobs.server.testing.Await;

/** Clients that mean harm: each gets the stated answer or none, memory stays bounded, the next request is served. */
class HostileHttpIT {
    private static final KeyPair ALICE = PemKeys.generate();
    private static final String JOBS = "/organizations/acme/pushy/jobs";
    private static final String JOB = "{\"command\":\"c\",\"nodes\":[\"a\"]}";
    private static final String STATUS_REQUEST = "GET /pushy/_status HTTP/1.1\r\nHost: x\r\n\r\n";
    private static final String TOO_LONG = "{\"error\":\"JSON must be no more than 1000000 bytes.\"}";
    private static final int CHUNK = 100_000;
    private static final int CHUNKS_IN_100_MB = 1_000;
    private static final long MEGABYTE = 1_000_000;
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
    void aliceMayDoEverything() {
        for (TestApi each : List.of(api, impatient)) {
            each.reset();
            each.addMember("alice", Principal.Type.USER, ALICE);
            each.readers.add("alice");
            each.writers.add("alice");
        }
    }

    @AfterEach
    void nextRequestsAreServed() throws Exception {
        for (TestApi each : List.of(api, impatient)) {
            assertThat(RawHttp.exchange(each.port, STATUS_REQUEST).status()).isEqualTo(200);
            assertThat(TestRequest.post(JOBS, JOB)
                            .sign("alice", ALICE)
                            .send(each)
                            .status())
                    .isEqualTo(201);
        }
    }

    private static String head(String body, String... headers) {
        return TestRequest.post(JOBS, body).sign("alice", ALICE).head("1.1", headers);
    }

    @ParameterizedTest
    @CsvSource({"'Content-Length: 100000000', ''", "'Transfer-Encoding: chunked', '186a0\r\n'"})
    void hundredMegabytesAreRefusedWithoutBeingKept(String framing, String chunkHead) throws Exception {
        long before = usedHeap();
        byte[] chunk = (chunkHead + "x".repeat(CHUNK) + (chunkHead.isEmpty() ? "" : "\r\n"))
                .getBytes(StandardCharsets.US_ASCII);
        try (RawHttp http = new RawHttp(api.port)) {
            http.write(head("", "Host: x", framing));
            for (int i = 0; i < CHUNKS_IN_100_MB; i++) {
                http.write(chunk);
                if (i == CHUNKS_IN_100_MB / 2) {
                    assertThat(usedHeap() - before).as("after 50 MB").isLessThan(10 * MEGABYTE);
                }
            }

            RawHttp.Answer answer = http.readAnswer();
            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.body()).isEqualTo(TOO_LONG);
        }
        assertThat(usedHeap() - before).as("afterwards").isLessThan(10 * MEGABYTE);
    }

    @Test
    void bodiesOfTheLargestSizeAreAllTakenAndNoneIsKept() throws Exception {
        String body = JOB + " ".repeat(1_000_000 - JOB.length());
        long before = usedHeap();

        List<Integer> statuses = inParallel(
                100,
                () -> TestRequest.post(JOBS, body)
                        .sign("alice", ALICE)
                        .send(api)
                        .status());

        assertThat(statuses).hasSize(100).containsOnly(201);
        assertThat(usedHeap() - before).isLessThan(20 * MEGABYTE);
    }

    @Test
    void headsAndBodiesThatTrickleInAreCutOffAtTheirDeadlineWhileOthersAreServed() throws Exception {
        List<RawHttp> slow = new ArrayList<>();
        try {
            String bodyHead = head(JOB, "Host: x", "Content-Length: " + JOB.length());
            for (int i = 0; i < 200; i++) {
                RawHttp http = new RawHttp(impatient.port);
                http.write(i % 2 == 0 ? "GET /pushy/_status HTTP/1.1\r\n" : bodyHead);
                slow.add(http);
            }

            Await.until("all slow clients to be cut off", Duration.ofSeconds(15), () -> {
                assertThat(RawHttp.exchange(impatient.port, STATUS_REQUEST).status())
                        .isEqualTo(200);
                slow.removeIf(http -> !trickle(http));
                return slow.isEmpty();
            });
        } finally {
            for (RawHttp http : slow) {
                http.close();
            }
        }
    }

    @Test
    void answerThatNobodyReadsDoesNotHoldItsConnection() throws Exception {
        String command = "x".repeat(10_000);
        for (int i = 0; i < 1_000; i++) {
            impatient.summaries.add(new JobSummary(
                    "%032x".formatted(i),
                    "alice",
                    JobSpec.of(command),
                    false,
                    JobStatus.COMPLETE,
                    Optional.of(60),
                    TestApi.NOW,
                    TestApi.NOW));
        }
        TestRequest request =
                TestRequest.get(JOBS + "?limit=1000").header("Host", "x").sign("alice", ALICE);
        try (RawHttp http = new RawHttp(impatient.port)) {
            http.write(request.head("1.1"));

            Await.until("the client to be cut off", Duration.ofSeconds(15), () -> !trickle(http));
        }
    }

    /** @return whether the server still listens */
    private static boolean trickle(RawHttp http) {
        try {
            http.write("X");
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    static List<String> deeplyNested() {
        int levels = 100_000;
        return List.of(
                "[".repeat(levels) + "]".repeat(levels),
                "{\"command\":" + "[".repeat(levels) + "]".repeat(levels) + "}",
                "{\"command\":\"c\",\"nodes\":" + "[".repeat(levels) + "]".repeat(levels) + "}",
                "{\"env\":" + "{\"a\":".repeat(levels) + "1" + "}".repeat(levels) + "}",
                "{\"x\":".repeat(levels) + "1" + "}".repeat(levels));
    }

    @ParameterizedTest
    @MethodSource("deeplyNested")
    void deepJsonIsABadRequest(String body) throws Exception {
        assertRefused(body.getBytes(StandardCharsets.US_ASCII), "the request body ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"command":"c","nodes":["a"],"nodes":["b"]}                    | the request body has the same key twice
            {"command":"c","nodes":["a"],"env":{"A":"1","A":"2"}}          | invalid environment value (duplicate key)
            {"command":"c","nodes":["a"],"env":{"A":"1"},"env":{"B":"2"}}  | the request body has the same key twice
            {"command":"c","nodes":["a"],"quorum":1e1000000000}            | invalid type supplied for quorum (expected a number): must be -2147483648 to 2147483647
            {"command":"c","nodes":["a"]}}                                 | the request body is not valid JSON
            {"command":"c","nodes":["a"],}                                 | the request body is not valid JSON
            {"command":"c","nodes":["a"],"quorum":NaN}                     | the request body is not valid JSON
            {"command":"c\\ud800","nodes":["a"]}                           | invalid command supplied
            """)
    void trickyJsonIsABadRequest(String body, String error) throws Exception {
        assertRefused(body.getBytes(StandardCharsets.UTF_8), error);
    }

    @Test
    void numberOfManyDigitsIsABadRequest() throws Exception {
        String body = "{\"command\":\"c\",\"nodes\":[\"a\"],\"quorum\":" + "9".repeat(900_000) + "}";

        assertRefused(body.getBytes(StandardCharsets.US_ASCII), "the request body is not valid JSON");
    }

    @ParameterizedTest
    @CsvSource({"ff", "c0 80", "ed a0 80", "f4 90 80 80", "e2 82", "80"})
    void invalidUtf8IsABadRequest(String hex) throws Exception {
        byte[] body = JOB.getBytes(StandardCharsets.US_ASCII);
        byte[] bad = new byte[hex.split(" ").length];
        for (int i = 0; i < bad.length; i++) {
            bad[i] = (byte) Integer.parseInt(hex.split(" ")[i], 16);
        }
        byte[] spoiled = Arrays.copyOf(body, body.length + bad.length);
        int at = JOB.indexOf("\"c\"") + 1;
        System.arraycopy(bad, 0, spoiled, at, bad.length);
        System.arraycopy(body, at, spoiled, at + bad.length, body.length - at);

        assertRefused(spoiled, "the request body is not valid UTF-8");
    }

    private static void assertRefused(byte[] body, String error) throws Exception {
        TestRequest request = TestRequest.post(JOBS, "");
        request.body = body;

        TestRequest.Answer answer = request.sign("alice", ALICE).send(api);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).startsWith("{\"error\":\"" + error);
        assertThat(api.started).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            GET / HTTP/1.1\\r\\nHost: x\\r\\nX-Long: %s\\r\\n\\r\\n | 17000   | 431
            GET / HTTP/1.1\\r\\nHost: x\\r\\nX-Long: %s\\r\\n\\r\\n | 5000000 | 431
            GET / HTTP/1.1\\r\\nHost: x\\r\\n%s: 1\\r\\n\\r\\n      | 17000   | 431
            GET /%s HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n               | 9000    | 414
            GET /%s HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n               | 5000000 | 414
            %s / HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n                  | 9000    | 414
            """)
    void overlongHeadsAreRefused(String template, int length, int status) throws Exception {
        assertAnsweredOrClosed(unescaped(template).formatted("x".repeat(length)), status);
    }

    @Test
    void tenThousandHeadersAreTooMany() throws Exception {
        StringBuilder head = new StringBuilder("GET /pushy/_status HTTP/1.1\r\nHost: x\r\n");
        for (int i = 0; i < 10_000; i++) {
            head.append("H").append(i).append(": 1\r\n");
        }

        assertAnsweredOrClosed(head + "\r\n", 431);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            GET /\\r\\n\\r\\n
            GET /pushy/_status\\n\\n
            GET /pushy/_status HTTP/9.9\\r\\n\\r\\n
            \\u0016\\u0003\\u0001\\u0002\\u0000\\u0001\\u0000\\u0001\\u00fc\\u0003\\u0003\\r\\n\\r\\n
            PRI * HTTP/2.0\\r\\n\\r\\nSM\\r\\n\\r\\n
            HELO push\\r\\n\\r\\n
            GET /pushy/_status HTTP/1.1\\r\\nHost x\\r\\n\\r\\n
            GET /pushy/_status HTTP/1.1\\r\\nHost: x\\r\\nA\\u0000B: 1\\r\\n\\r\\n
            POST /pushy/_status HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: -1\\r\\n\\r\\n
            POST /pushy/_status HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 99999999999999999999\\r\\n\\r\\n
            POST /pushy/_status HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 1\\r\\nContent-Length: 2\\r\\n\\r\\n
            """)
    void garbageIsABadRequestOrClosedAndNothingAfterItIsAnswered(String request) throws Exception {
        assertAnsweredOrClosed(unescaped(request) + STATUS_REQUEST, 400, 405, 501, 505);
    }

    @Test
    void garbageAfterARequestEndsTheConnectionAfterItsAnswer() throws Exception {
        try (RawHttp http = new RawHttp(api.port)) {
            http.write(STATUS_REQUEST + "\0\1\2 garbage\r\n\r\n" + STATUS_REQUEST);

            assertThat(http.readAnswer().status()).isEqualTo(200);
            assertThat(http.readAnswer().status()).isEqualTo(400);
            http.awaitClose();
        }
    }

    @Test
    void bodyWithTwoLengthsIsReadByItsChunks() throws Exception {
        String next = "0\r\n\r\n" + STATUS_REQUEST;
        try (RawHttp http = new RawHttp(api.port)) {
            http.write(head("", "Host: x", "Content-Length: " + next.length(), "Transfer-Encoding: chunked") + next);

            assertThat(http.readAnswer().body()).isEqualTo("{\"error\":\"the request body must be a JSON object\"}");
            assertThat(http.readAnswer().status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource({"'zz\r\n'", "'-1\r\n'", "'ffffffffffffffffff\r\n'", "'1\r\nab\r\n'"})
    void malformedChunksAreNotTaken(String chunks) throws Exception {
        try (RawHttp http = new RawHttp(impatient.port)) {
            http.write(head("", "Host: x", "Transfer-Encoding: chunked") + chunks + STATUS_REQUEST);

            http.awaitClose();
        }
        assertThat(impatient.started).isEmpty();
    }

    @Test
    void thousandIdleConnectionsHinderNobodyAndAreClosed() throws Exception {
        List<RawHttp> idle = new ArrayList<>();
        try {
            for (int i = 0; i < 1_000; i++) {
                idle.add(new RawHttp(api.port));
            }

            List<Integer> statuses = inParallel(
                    200,
                    () -> TestRequest.get(JOBS).sign("alice", ALICE).send(api).status());

            assertThat(statuses).hasSize(200).containsOnly(200);
            for (RawHttp http : idle) {
                http.write(STATUS_REQUEST);
                assertThat(http.readAnswer().status()).isEqualTo(200);
            }
        } finally {
            for (RawHttp http : idle) {
                http.close();
            }
        }
    }

    private static <T> List<T> inParallel(int times, Callable<T> task) throws Exception {
        try (ExecutorService executor = Executors.newFixedThreadPool(20)) {
            List<T> results = new ArrayList<>();
            for (Future<T> result : executor.invokeAll(Collections.nCopies(times, task))) {
                results.add(result.get());
            }
            return results;
        }
    }

    /** The server may close the connection while the client still writes, which then does not see the answer. */
    private static void assertAnsweredOrClosed(String request, Integer... statuses) {
        try (RawHttp http = new RawHttp(api.port)) {
            http.write(request);
            assertThat(http.readAnswer().status()).isIn((Object[]) statuses);
            http.awaitNoSecondAnswer();
        } catch (IOException e) {
            assertThat(e).isNotInstanceOf(SocketTimeoutException.class);
        }
    }

    private static String unescaped(String text) {
        String spaced = text.replace("\\r", "\r").replace("\\n", "\n");
        StringBuilder result = new StringBuilder();
        for (int i = 0; i < spaced.length(); i++) {
            if (spaced.startsWith("\\u", i)) {
                result.append((char) Integer.parseInt(spaced.substring(i + 2, i + 6), 16));
                i += 5;
            } else {
                result.append(spaced.charAt(i));
            }
        }
        return result.toString();
    }

    /** After a collection, since what can be collected is not held. */
    private static long usedHeap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
