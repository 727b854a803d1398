package org.pushjobs.server.feeds;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.PostgresExtension;

/** Many readers of one large job, some of which do not read. */
@ExtendWith(PostgresExtension.class)
class FeedLoadIT {
    private static final int NODES = 500;
    /** start, quorum_succeeded, job_complete, and three of each node. */
    private static final int EVENTS = 3 + 3 * NODES;

    private static final int READERS = 350;
    /** They come again with Last-Event-ID after every few hundred events. */
    private static final int RETURNING_READERS = 50;

    private static final int NEVER_READ = 100;
    private static final Duration SPREAD = Duration.ofSeconds(3);
    private static final long MIB = 1024 * 1024;

    private final Vertx clients = Vertx.vertx();
    private final Random random = new Random(2);
    private final List<Socket> deaf = new ArrayList<>();

    @AfterEach
    void stop() throws Exception {
        for (Socket socket : deaf) {
            socket.close();
        }
        clients.close().await(10, TimeUnit.SECONDS);
    }

    @Test
    void readersThatDoNotReadAreCutOffAndHarmNobody(DatabaseConfig.External database) throws Exception {
        FeedLimits limits = new FeedLimits(1_000, 64 * 1024, 64 * 1024, Duration.ofSeconds(4));
        try (FeedHarness server = FeedHarness.start(database, limits, SPREAD)) {
            // given: what the machine does without them
            NetClient client = clients.createNetClient();
            long[] lagsBefore = lags(read(client, server, server.startJob(NODES), 0));
            long heapBefore = usedHeap();

            // when
            List<Reader> readers = read(client, server, server.startJob(NODES), NEVER_READ);

            // then
            long heapAtEnd = usedHeap();
            Await.value(
                    "those that do not read are cut off",
                    Duration.ofSeconds(30),
                    server::cut,
                    cut -> cut == NEVER_READ);
            Await.value("readers are gone", Await.DEADLINE, server::readers, left -> left == 0);

            long[] lags = lags(readers);
            System.out.printf(
                    "feeds under load: %d readers, %d cut off, %d events each, %d live events received,"
                            + " lag p50 %.1f ms, p99 %.1f ms, max %.1f ms, p99 without those cut off %.1f ms,"
                            + " heap %d MiB before, %d MiB at the end%n",
                    READERS + RETURNING_READERS,
                    (int) server.cut(),
                    EVENTS,
                    lags.length,
                    lags[lags.length / 2] / 1000.0,
                    p99(lags) / 1000.0,
                    lags[lags.length - 1] / 1000.0,
                    p99(lagsBefore) / 1000.0,
                    heapBefore / MIB,
                    heapAtEnd / MIB);
            assertThat(lags.length).isGreaterThan(READERS * EVENTS / 10);
            assertThat(p99(lags))
                    .as("p99 of the lag in microseconds")
                    .isLessThan(Math.max(1_000_000, 3 * p99(lagsBefore)));
            assertThat(heapAtEnd - heapBefore).as("heap in use").isLessThan(64 * MIB);
        }
    }

    /** Everybody comes at a random moment while the job runs; those that read have all of it. */
    private List<Reader> read(NetClient client, FeedHarness server, String job, int neverRead) throws Exception {
        CountDownLatch ended = new CountDownLatch(READERS + RETURNING_READERS);
        List<Reader> readers = new ArrayList<>();
        for (int i = 0; i < READERS + RETURNING_READERS; i++) {
            OptionalInt patience =
                    i < RETURNING_READERS ? OptionalInt.of(100 + random.nextInt(400)) : OptionalInt.empty();
            Reader reader = new Reader(client, server.port(), job, patience, ended);
            readers.add(reader);
            clients.setTimer(1 + random.nextInt(2 * (int) SPREAD.toMillis()), _ -> reader.connect());
        }
        for (int i = 0; i < neverRead; i++) {
            deaf.add(connectDeaf(server.port(), job));
        }
        assertThat(ended.await(60, TimeUnit.SECONDS))
                .as("all feeds ended, missing: " + ended.getCount())
                .isTrue();
        for (Reader reader : readers) {
            assertThat(reader.trouble).isEmpty();
            assertThat(reader.last).isEqualTo(EVENTS);
        }
        return readers;
    }

    private static long[] lags(List<Reader> readers) {
        return readers.stream()
                .flatMapToLong(reader -> Arrays.stream(reader.lags, 0, reader.lagCount))
                .sorted()
                .toArray();
    }

    private static long p99(long[] sorted) {
        return sorted[(int) (sorted.length * 0.99)];
    }

    @Test
    void readersAboveTheLimitAreRefusedUntilOthersLeave(DatabaseConfig.External database) throws Exception {
        FeedLimits limits = new FeedLimits(2, 64 * 1024, 64 * 1024, Duration.ofSeconds(4));
        try (FeedHarness server = FeedHarness.start(database, limits, Duration.ofSeconds(60))) {
            // given
            String job = server.startJob(1);
            NetClient client = clients.createNetClient();
            NetSocket first = connect(client, server, job, "200");
            connect(client, server, job, "200");

            // when, then
            connect(client, server, job, "503");

            // when
            first.close();

            // then
            Await.until("one place", () -> server.readers() == 1);
            connect(client, server, job, "200");
        }
    }

    private static Socket connectDeaf(int port, String job) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4096);
        socket.connect(new InetSocketAddress("127.0.0.1", port));
        socket.getOutputStream().write(request(job, 0).getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private NetSocket connect(NetClient client, FeedHarness server, String job, String status) {
        NetSocket socket = Await.result(client.connect(server.port(), "127.0.0.1"));
        StringBuffer received = new StringBuffer();
        socket.handler(bytes -> received.append(bytes));
        socket.write(request(job, 0));
        Await.until(
                "status " + status,
                () -> received.indexOf("HTTP/1.0 " + status) == 0 || received.indexOf("HTTP/1.1 " + status) == 0);
        return socket;
    }

    private static String request(String job, int lastEventId) {
        return "GET /" + job + " HTTP/1.0\r\nHost: test\r\n"
                + (lastEventId == 0 ? "" : "Last-Event-ID: " + lastEventId + "\r\n") + "\r\n";
    }

    private static long usedHeap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /** Checks that each event comes once and in order, and how late those are that came live. On one event loop. */
    private final class Reader {
        private final NetClient client;
        private final int port;
        private final String job;
        private final OptionalInt patience;
        private final CountDownLatch ended;
        private final long[] lags = new long[EVENTS];
        private Buffer rest = Buffer.buffer();
        private int lagCount;
        private int last;
        private int onThisConnection;
        private long connectedMicros;
        private volatile String trouble = "";

        Reader(NetClient client, int port, String job, OptionalInt patience, CountDownLatch ended) {
            this.client = client;
            this.port = port;
            this.job = job;
            this.patience = patience;
            this.ended = ended;
        }

        void connect() {
            rest = Buffer.buffer();
            onThisConnection = 0;
            client.connect(port, "127.0.0.1")
                    .onSuccess(this::read)
                    .onFailure(cause -> fail("not connected: " + cause.getMessage()));
        }

        private void read(NetSocket socket) {
            connectedMicros = nowMicros();
            socket.handler(bytes -> take(socket, bytes));
            socket.closeHandler(_ -> {
                if (last == EVENTS) {
                    ended.countDown();
                } else if (trouble.isEmpty()) {
                    connect();
                }
            });
            socket.write(request(job, last));
        }

        private void take(NetSocket socket, Buffer bytes) {
            String text = rest.appendBuffer(bytes).toString();
            int begin = text.startsWith("HTTP/1.") ? text.indexOf("\r\n\r\n") + 4 : 0;
            long now = nowMicros();
            for (int end = text.indexOf("\n\n", begin); end >= 0; end = text.indexOf("\n\n", begin)) {
                event(text.substring(begin, end), now);
                begin = end + 2;
                if (patience.isPresent() && onThisConnection >= patience.getAsInt() && last < EVENTS) {
                    socket.handler(_ -> {});
                    socket.close();
                    return;
                }
            }
            rest = Buffer.buffer(text.substring(begin));
        }

        private void event(String frame, long now) {
            int id = Integer.parseInt(between(frame, "\nid: ", "\n"));
            if (id != last + 1) {
                fail("event " + id + " came after " + last);
            }
            last = id;
            onThisConnection++;
            String at = between(frame, "\"timestamp\":\"", "\"").replace(' ', 'T');
            long micros = FeedEvents.micros(Instant.parse(at));
            if (micros > connectedMicros) {
                lags[lagCount++] = now - micros;
            }
        }

        private void fail(String what) {
            if (trouble.isEmpty()) {
                trouble = what;
            }
            ended.countDown();
        }
    }

    private static String between(String text, String before, String after) {
        int begin = text.indexOf(before) + before.length();
        return text.substring(begin, text.indexOf(after, begin));
    }

    private static long nowMicros() {
        return FeedEvents.micros(Instant.now());
    }
}
