package org.pushjobs.server.feeds;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pushjobs.server.jobs.model.Channel;
import org.pushjobs.server.jobs.model.EventRow;
import org.pushjobs.server.jobs.model.OrgEventRow;
import org.pushjobs.server.jobs.model.OutputKey;
import org.pushjobs.server.jobs.model.OutputPart;
import org.pushjobs.server.store.EventReads;
import org.pushjobs.server.store.OutputReads;
import org.pushjobs.server.testing.Await;

/** What a connection costs whose reader does not read, over a real connection with small buffers in the system. */
class LiveStreamIT {
    private static final int BUFFERED = 64 * 1024;
    private static final int SYSTEM_BUFFER = 8 * 1024;
    private static final int RECEIVE_BUFFER = 4 * 1024;
    private static final int CHUNK = 16 * 1024;
    /** More than the system takes for a client that does not read. */
    private static final int LONG_END = 1024 * 1024;

    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger cut = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private final CompletableFuture<HttpServerResponse> response = new CompletableFuture<>();

    @AfterEach
    void stop() throws Exception {
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    @Test
    void noMoreWaitsForAReaderThatDoesNotReadThanMay() throws Exception {
        int port = serve(limits(BUFFERED, Duration.ofSeconds(1)), stream -> fill(stream, CHUNK));

        assertThat(heldWhenCut(port)).isBetween(1L, (long) BUFFERED + CHUNK);
    }

    @Test
    void manySmallWritesWaitNoMoreThanLargeOnes() throws Exception {
        int port = serve(limits(BUFFERED, Duration.ofSeconds(1)), stream -> fill(stream, 100));

        assertThat(heldWhenCut(port)).isBetween(1L, (long) BUFFERED + 100);
    }

    @Test
    void noMoreOutputIsPutBehindTheEventThatFillsTheConnection() throws Exception {
        byte[] data = new byte[BUFFERED];
        OutputReads outputs = new OutputReads() {
            @Override
            public Future<List<OutputPart>> after(OutputKey key, long position, int atMost) {
                throw new AssertionError("all of the job is wanted");
            }

            @Override
            public Future<List<Numbered>> ofJob(String jobId, long afterId, int atMost) {
                return Future.succeededFuture(LongStream.rangeClosed(afterId + 1, afterId + atMost)
                        .mapToObj(id ->
                                new Numbered(id, new OutputPart(jobId, "node", Channel.STDOUT, id * data.length, data)))
                        .toList());
            }
        };
        int port = serve(limits(BUFFERED, Duration.ofSeconds(1)), stream -> {
            OutputEvents output =
                    new OutputEvents(vertx, outputs, new BegunNodes(List.of()), "job", stream, Clock.systemUTC(), 0);
            stream.whenDrained(output::advance);
            stream.whenClosed(output::close);
            output.begin(List.of("node"));
        });
        int event = FeedEvents.output(
                        Clock.systemUTC().instant(), new OutputPart("job", "node", Channel.STDOUT, data.length, data))
                .length();

        assertThat(heldWhenCut(port)).isBetween(1L, (long) BUFFERED + event);
    }

    @Test
    void outputOfANodeWaitsUntilTheReaderKnowsThatItHasBegun() throws Exception {
        int port = serve(limits(BUFFERED, Duration.ofSeconds(30)), stream -> {
            OutputEvents output = outputEvents(stream, List.of(), 0);
            output.begin(List.of("another"));
            stream.write(Buffer.buffer(":asked\n"));
            vertx.setTimer(1, _ -> {
                stream.write(Buffer.buffer(":begun\n"));
                output.begin(List.of("node"));
            });
        });

        assertThat(firstLines(port)).containsExactly(":asked", ":begun", "event: output");
    }

    @Test
    void readerThatComesAgainKnowsFromBeforeThatANodeHasBegun() throws Exception {
        int port = serve(limits(BUFFERED, Duration.ofSeconds(30)), stream -> {
            OutputEvents output = outputEvents(stream, List.of("node"), 4);
            stream.write(Buffer.buffer(":one\n:two\n"));
            output.begin(List.of());
        });

        assertThat(firstLines(port)).containsExactly(":one", ":two", "event: output");
    }

    private OutputEvents outputEvents(LiveStream stream, List<String> begunBefore, int after) {
        OutputReads outputs = new OutputReads() {
            @Override
            public Future<List<OutputPart>> after(OutputKey key, long position, int atMost) {
                throw new AssertionError("all of the job is wanted");
            }

            @Override
            public Future<List<Numbered>> ofJob(String jobId, long afterId, int atMost) {
                OutputPart part = new OutputPart(jobId, "node", Channel.STDOUT, 0, new byte[] {'x'});
                return Future.succeededFuture(afterId == 0 ? List.of(new Numbered(1, part)) : List.of());
            }
        };
        return new OutputEvents(vertx, outputs, new BegunNodes(begunBefore), "job", stream, Clock.systemUTC(), after);
    }

    private List<String> firstLines(int port) throws IOException {
        try (Socket socket = connect(port)) {
            InputStream in = socket.getInputStream();
            readHead(in);
            BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            List<String> text = new ArrayList<>();
            while (text.size() < 3) {
                String line = lines.readLine();
                // between them are the sizes of the chunks
                if (line.startsWith(":") || line.startsWith("event")) {
                    text.add(line);
                }
            }
            return text;
        }
    }

    private record BegunNodes(List<String> names) implements EventReads {
        @Override
        public Future<List<EventRow>> ofJob(String jobId, int afterSeq, int atMost) {
            throw new AssertionError("no events are wanted");
        }

        @Override
        public Future<List<String>> nodesThatBegan(String jobId, int upToSeq) {
            return Future.succeededFuture(names);
        }

        @Override
        public Future<List<OrgEventRow>> ofOrganisation(String orgGuid, Instant after, int atMost) {
            throw new AssertionError("no events are wanted");
        }

        @Override
        public Future<Optional<Instant>> newestOfOrganisation(String orgGuid) {
            throw new AssertionError("no events are wanted");
        }

        @Override
        public Future<Boolean> isOfOrganisation(String orgGuid, Instant at) {
            throw new AssertionError("no events are wanted");
        }
    }

    @Test
    void readerThatDoesNotReadTheEndIsCutOffAndCountsUntilThen() throws Exception {
        AtomicInteger closedAtEnd = new AtomicInteger(-1);
        int port = serve(limits(4 * LONG_END, Duration.ofSeconds(1)), stream -> {
            stream.write(Buffer.buffer(new byte[LONG_END]));
            assertThat(stream.isFull()).isFalse();
            stream.end();
            closedAtEnd.set(closed.get());
        });

        assertThat(heldWhenCut(port)).isBetween(1L, (long) LONG_END);

        assertThat(closedAtEnd).hasValue(0);
        assertThat(closed).hasValue(1);
    }

    @Test
    void readerWhoReadsTheEndSlowlyGetsIt() throws Exception {
        Duration stallTimeout = Duration.ofSeconds(4);
        int port = serve(limits(BUFFERED, stallTimeout), stream -> {
            stream.write(Buffer.buffer(new byte[LONG_END]));
            stream.end();
        });

        try (Socket socket = connect(port)) {
            long began = System.nanoTime();
            InputStream in = socket.getInputStream();
            readHead(in);
            int rounds = 6;
            for (int i = 0; i < rounds; i++) {
                assertThat(in.readNBytes(LONG_END / rounds)).hasSize(LONG_END / rounds);
                vertx.timer(1, TimeUnit.SECONDS).await();
            }
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(stallTimeout);
            assertThat(in.readAllBytes()).hasSize(LONG_END % rounds);
        }
        Await.until("it is closed", () -> closed.get() == 1);
        assertThat(cut).hasValue(0);
    }

    @Test
    void readerWhoLeavesBeforeTheEndIsNotCounted() throws Exception {
        int port = serve(limits(BUFFERED, Duration.ofSeconds(60)), stream -> {
            stream.write(Buffer.buffer(new byte[LONG_END]));
            stream.end();
        });

        connect(port).close();

        Await.until("it is closed", () -> closed.get() == 1);
        assertThat(cut).hasValue(0);
    }

    private static FeedLimits limits(int bufferedBytes, Duration stallTimeout) {
        return new FeedLimits(10, bufferedBytes, SYSTEM_BUFFER, stallTimeout);
    }

    /** @return the port where the stream is sent to whoever asks over HTTP/1.0 */
    private int serve(FeedLimits limits, Consumer<LiveStream> sender) {
        LiveStream.Owner owner = new LiveStream.Owner() {
            @Override
            public void streamClosed(LiveStream stream) {
                closed.incrementAndGet();
            }

            @Override
            public void streamCut(LiveStream stream) {
                cut.incrementAndGet();
            }
        };
        return Await.result(vertx.createHttpServer(new HttpServerOptions()
                                .setHost("127.0.0.1")
                                .setPort(0)
                                .setSendBufferSize(SYSTEM_BUFFER))
                        .requestHandler(request -> {
                            LiveStream stream = LiveStream.bytes(vertx, request, "test", limits, owner);
                            request.response().closeHandler(_ -> stream.closed());
                            stream.begin();
                            sender.accept(stream);
                            response.complete(request.response());
                        })
                        .listen())
                .actualPort();
    }

    private static void fill(LiveStream stream, int chunk) {
        Runnable fill = () -> {
            while (!stream.isClosed() && !stream.isFull()) {
                stream.write(Buffer.buffer(new byte[chunk]));
            }
        };
        stream.whenDrained(fill);
        fill.run();
    }

    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(RECEIVE_BUFFER);
        socket.connect(new InetSocketAddress("127.0.0.1", port));
        socket.setSoTimeout((int) Await.DEADLINE.toMillis());
        socket.getOutputStream().write("GET / HTTP/1.0\r\nHost: test\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static void readHead(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            assertThat(next).as("after '%s'", head).isNotNegative();
            head.append((char) next);
        }
    }

    /**
     * Connects a reader who reads nothing until it is cut off.
     *
     * @return bytes that were in the process then: those that were written and that the system did not have
     */
    private long heldWhenCut(int port) throws Exception {
        try (Socket socket = connect(port)) {
            Await.until("it is cut off", () -> cut.get() == 1);
            InputStream in = socket.getInputStream();
            readHead(in);
            int had = in.readAllBytes().length;
            return response.get(10, TimeUnit.SECONDS).bytesWritten() - had;
        }
    }
}
