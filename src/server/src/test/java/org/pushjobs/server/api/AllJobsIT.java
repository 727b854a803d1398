package org.pushjobs.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.protocol.message.JobSpec;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.directory.Principal;
import org.pushjobs.server.feeds.EnvValues;
import org.pushjobs.server.feeds.FeedLimits;
import org.pushjobs.server.jobs.model.JobStatus;
import org.pushjobs.server.jobs.model.JobSummary;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.LogCapture;

/** {@code GET jobs} without parameters: the whole list, which is never whole in memory. */
class AllJobsIT {
    private static final String JOBS = "/organizations/acme/pushy/jobs";
    private static final KeyPair ALICE = PemKeys.generate();
    private static final Instant CREATED = Instant.parse("2026-01-14T10:00:00Z");
    private static final Duration DEADLINE = Duration.ofSeconds(20);
    /** Small, so that a client that does not read is soon noticed. */
    private static final FeedLimits LIMITS = new FeedLimits(10, 8 * 1024, 8 * 1024, Duration.ofSeconds(1));

    private TestApi api;

    @BeforeEach
    void start() throws Exception {
        api = TestApi.start(LIMITS);
        api.addMember("alice", Principal.Type.USER, ALICE);
        api.readers.add("alice");
    }

    @AfterEach
    void stop() throws Exception {
        api.close();
    }

    private void store(int jobs, int commandLength) {
        api.summaries.addAll(IntStream.range(0, jobs)
                .mapToObj(i -> new JobSummary(
                        "%032x".formatted(i),
                        "alice",
                        new JobSpec(
                                "ž".repeat(commandLength) + i,
                                Optional.of("app"),
                                Optional.empty(),
                                Optional.of(Map.of("A", "\"", "B", "")),
                                Optional.empty(),
                                i % 2 == 0),
                        i % 3 == 0,
                        JobStatus.COMPLETE,
                        Optional.of(60),
                        CREATED.plusSeconds(i / 7),
                        CREATED.plusSeconds(i)))
                .toList());
    }

    /** What the list was when it was made at once. */
    private String expected() {
        return api.summaries.stream()
                .map(job -> JobDocument.of(job, EnvValues.SHOWN).toString())
                .collect(Collectors.joining(",", "[", "]"));
    }

    @Test
    void longListIsSentInPiecesAndIsTheSameText() throws Exception {
        store(1_234, 10);

        TestRequest.Answer answer = TestRequest.get(JOBS).sign("alice", ALICE).send(api);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(expected());
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.header("Transfer-Encoding")).isEqualTo("chunked");
        assertThat(answer.response().headers().firstValue("Content-Length")).isEmpty();
        assertThat(api.pages.get()).isGreaterThan(2);
    }

    @Test
    void lengthOfAPageMakesNoDifference() throws Exception {
        for (int jobs : new int[] {0, 1, 99, 100, 101, 199, 200}) {
            api.summaries.clear();
            store(jobs, 1);

            TestRequest.Answer answer =
                    TestRequest.get(JOBS).sign("alice", ALICE).send(api);

            assertThat(answer.body()).isEqualTo(expected());
            assertThat(answer.response().headers().firstValue("Content-Length").isPresent())
                    .as("%d jobs are sent at once", jobs)
                    .isEqualTo(jobs < 100);
        }
    }

    @Test
    void overHttp10TheListEndsWithTheConnection() throws Exception {
        store(1_000, 10);
        for (String connection : List.of("Connection: close", "Connection: keep-alive")) {
            try (Socket socket = open("1.0", connection)) {
                String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

                String[] parts = answer.split("\r\n\r\n", 2);
                assertThat(parts[0])
                        .startsWith("HTTP/1.0 200 ")
                        .doesNotContainIgnoringCase("transfer-encoding")
                        .doesNotContainIgnoringCase("content-length");
                assertThat(parts[1]).isEqualTo(expected());
            }
        }
    }

    @Test
    void connectionServesTheNextRequestAfterALongList() throws Exception {
        store(300, 10);
        try (Socket socket = open("1.1")) {
            readUntil(socket, "0\r\n\r\n");

            socket.getOutputStream()
                    .write("GET /pushy/_status HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.UTF_8));

            assertThat(readUntil(socket, "\r\n\r\n")).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void clientThatStopsReadingIsCutOffAndNothingIsReadForIt() throws Exception {
        store(30_000, 300);
        try (LogCapture log = new LogCapture(AllJobs.class);
                Socket socket = open("1.1")) {
            assertThat(socket.getInputStream().read()).isEqualTo('H');

            Await.until(
                    "the client is cut off",
                    DEADLINE,
                    () -> !log.messages(Level.INFO).isEmpty());

            assertThat(log.messages(Level.INFO))
                    .singleElement()
                    .asString()
                    .contains("user: alice", "it has not read for 1 s");
            int pages = api.pages.get();
            assertThat(pages).as("no more than fits in buffers").isLessThan(1_000);
            String rest = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(rest).doesNotEndWith("0\r\n\r\n");
            assertThat(api.pages.get()).isEqualTo(pages);
        }
    }

    @Test
    void noMoreThanAPageWaitsForAClientThatDoesNotRead() throws Exception {
        store(30_000, 1);
        try (LogCapture log = new LogCapture(AllJobs.class);
                Socket socket = open("1.0")) {
            Await.until(
                    "the client is cut off",
                    DEADLINE,
                    () -> !log.messages(Level.INFO).isEmpty());

            byte[] had = socket.getInputStream().readAllBytes();
            int body = new String(had, StandardCharsets.ISO_8859_1).indexOf("\r\n\r\n") + 4;
            int written = textOf(api.summaries.subList(0, api.listed.get())).length;
            int firstPage = textOf(api.summaries.subList(0, 100)).length;
            assertThat(written - (had.length - body))
                    .as("bytes in the process")
                    .isBetween(1, LIMITS.bufferedBytes() + firstPage);
        }
    }

    private static byte[] textOf(List<JobSummary> jobs) {
        return jobs.stream()
                .map(job -> JobDocument.of(job, EnvValues.SHOWN).toString())
                .collect(Collectors.joining(",", "[", ""))
                .getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void listThatCannotBeReadToItsEndIsBrokenOff() throws Exception {
        store(1_000, 10);
        api.pagesUntilFailure = 3;
        try (Socket socket = open("1.1")) {
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(answer).startsWith("HTTP/1.1 200 ").doesNotEndWith("0\r\n\r\n");
            assertThat(api.pages.get()).isEqualTo(3);
        }
    }

    @Test
    void listOfWhichNothingCanBeReadIsRefused() throws Exception {
        api.pagesUntilFailure = 0;

        assertThat(TestRequest.get(JOBS).sign("alice", ALICE).send(api).status())
                .isEqualTo(ServerException.UNAVAILABLE);
    }

    @Test
    void itIsJson() throws Exception {
        store(500, 1);

        byte[] body = TestRequest.get(JOBS).sign("alice", ALICE).sendBytes(api).body();

        assertThat(new ObjectMapper().readTree(body)).hasSize(500);
    }

    private Socket open(String version, String... headers) throws IOException {
        Socket socket = new Socket("127.0.0.1", api.port);
        socket.setReceiveBufferSize(8 * 1024);
        socket.setSoTimeout((int) DEADLINE.toMillis());
        TestRequest request = TestRequest.get(JOBS).header("Host", "test").sign("alice", ALICE);
        socket.getOutputStream().write(request.head(version, headers).getBytes(StandardCharsets.UTF_8));
        return socket;
    }

    private static String readUntil(Socket socket, String end) throws IOException {
        StringBuilder read = new StringBuilder();
        while (read.length() < end.length()
                || !read.substring(read.length() - end.length()).equals(end)) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                throw new AssertionError("the connection ended");
            }
            read.append((char) next);
        }
        return read.toString();
    }
}
