package org.pushjobs.zmtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.pushjobs.zmtp.testing.RawClient;
import org.pushjobs.zmtp.wire.CloseReason;
import org.pushjobs.zmtp.wire.Commands;
import org.pushjobs.zmtp.wire.Frames;
import org.pushjobs.zmtp.wire.Greeting;
import org.pushjobs.zmtp.wire.Metadata;
import org.pushjobs.zmtp.wire.SocketType;

/** Peers that break the protocol, do not speak, do not read, or are too many. */
class AbuseIT {
    private static final Duration SHORT = Duration.ofMillis(400);
    private static final Duration LONG = Duration.ofMinutes(5);

    private Bench bench;
    private Counter counter;

    @BeforeEach
    void open() {
        bench = Bench.java();
        counter = new Counter();
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private int listen(ZmtpServerOptions options, ZmtpListener<String> listener) {
        return bench.listen(options, Authoriser.everyone("peer"), listener, counter)
                .actualPort();
    }

    private ZmtpServerOptions options(SocketType type, Security security, Duration handshake) {
        return bench.options(type, security).withLimits(Limits.DEFAULT.withHandshakeTimeout(handshake));
    }

    static Stream<Arguments> beginnings() {
        byte[] greeting = Greeting.encode("CURVE", false);
        byte[] hello = frame(4, Commands.body(Commands.name("HELLO"), new byte[194]));
        byte[] ofVersion2 = Arrays.copyOf(greeting, 12);
        ofVersion2[10] = 1;
        return Stream.of(
                Arguments.of("an HTTP request", ascii("GET / HTTP/1.1\r\n\r\n"), CloseReason.NOT_ZMTP),
                Arguments.of("a TLS client", new byte[] {22, 3, 1, 2, 0, 1}, CloseReason.NOT_ZMTP),
                Arguments.of("ZMTP 1", new byte[] {1, 0}, CloseReason.NOT_ZMTP),
                Arguments.of("a wrong signature", filled(10, 0xFF, 0), CloseReason.NOT_ZMTP),
                Arguments.of("ZMTP 2", ofVersion2, CloseReason.OLD_PROTOCOL),
                Arguments.of("NULL", Greeting.encode("NULL", false), CloseReason.OTHER_MECHANISM),
                Arguments.of("PLAIN", Greeting.encode("PLAIN", false), CloseReason.OTHER_MECHANISM),
                Arguments.of("another server", Greeting.encode("CURVE", true), CloseReason.OTHER_MECHANISM),
                Arguments.of("a message", concat(greeting, frame(0, new byte[200])), CloseReason.MALFORMED),
                Arguments.of("wrong flags", concat(greeting, new byte[] {(byte) 0xF8, 1}), CloseReason.MALFORMED),
                Arguments.of(
                        "a huge command",
                        concat(greeting, new byte[] {6, 0, 0, 0, 1, 0, 0, 0, 0}),
                        CloseReason.FRAME_TOO_LARGE),
                Arguments.of("an unknown command", concat(greeting, frame(4, ascii("\5OTHER"))), CloseReason.MALFORMED),
                Arguments.of("a short HELLO", concat(greeting, frame(4, ascii("\5HELLO"))), CloseReason.MALFORMED),
                Arguments.of("a HELLO of zeros", concat(greeting, hello), CloseReason.MALFORMED));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("beginnings")
    void garbageIsClosedAndCounted(String name, byte[] bytes, CloseReason reason) throws Exception {
        // given
        int port = listen(options(SocketType.ROUTER, bench.curveServer(), LONG), Recorder.silent());
        try (RawClient client = new RawClient(port)) {
            // when
            client.send(bytes);

            // then
            client.awaitEnd();
            assertThat(counter.nextRefused()).isEqualTo(reason);
        }
    }

    static Stream<Arguments> pauses() {
        byte[] greeting = Greeting.encode("CURVE", false);
        return Stream.of(
                Arguments.of("nothing", new byte[0]),
                Arguments.of("a byte", Arrays.copyOf(greeting, 1)),
                Arguments.of("a signature", Arrays.copyOf(greeting, 10)),
                Arguments.of("all but a byte", Arrays.copyOf(greeting, 63)),
                Arguments.of("a greeting", greeting),
                Arguments.of("half a command", concat(greeting, new byte[] {4, (byte) 200, 5})));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pauses")
    void peerThatStopsSpeakingIsClosedInTime(String name, byte[] bytes) throws Exception {
        // given
        int port = listen(options(SocketType.ROUTER, bench.curveServer(), SHORT), Recorder.silent());
        try (RawClient client = new RawClient(port)) {
            // when
            long start = System.nanoTime();
            client.send(bytes);
            client.awaitEnd();

            // then
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(SHORT.dividedBy(2));
            assertThat(counter.nextRefused()).isEqualTo(CloseReason.HANDSHAKE_TIMEOUT);
        }
    }

    @Test
    void peerThatTricklesIsClosedInTime() throws Exception {
        // given
        int port = listen(options(SocketType.ROUTER, bench.curveServer(), SHORT), Recorder.silent());
        byte[] greeting = Greeting.encode("CURVE", false);
        try (RawClient client = new RawClient(port)) {
            // when: more than 64 times a tenth of the limit
            long timer = bench.vertx().setPeriodic(SHORT.toMillis() / 10, new Handler<>() {
                private int sent;

                @Override
                public void handle(Long ignored) {
                    try {
                        client.send(new byte[] {greeting[sent++]});
                    } catch (IOException e) {
                        sent = 0;
                    }
                }
            });
            client.awaitEnd();
            bench.vertx().cancelTimer(timer);

            // then
            assertThat(counter.nextRefused()).isEqualTo(CloseReason.HANDSHAKE_TIMEOUT);
        }
    }

    @Test
    void authoriserThatDoesNotAnswerRefusesForNow() throws Exception {
        // given
        int port = bench.listen(
                        options(SocketType.ROUTER, bench.curveServer(), SHORT),
                        (_, _) -> Promise.<Verdict<String>>promise().future(),
                        Recorder.silent(),
                        counter)
                .actualPort();

        // when
        Future<ZmtpConnection<String>> client = connect(port, bench.curveClient());

        // then
        assertThat(counter.nextRefused()).isEqualTo(CloseReason.REFUSED_FOR_NOW);
        assertThat(cause(client)).isEqualTo(CloseReason.CLOSED_BY_PEER);
    }

    @Test
    void beyondTheBoundOfAuthorisationsPeersAreRefusedForNow() throws Exception {
        // given
        List<Promise<Verdict<String>>> asked = new ArrayList<>();
        int port = bench.listen(
                        bench.options(SocketType.ROUTER, bench.curveServer())
                                .withLimits(Limits.DEFAULT.withHandshakeTimeout(LONG))
                                .withHandshakes(
                                        new HandshakeLimits(100, Duration.ofMillis(2), 1, Duration.ofMillis(10))),
                        (_, _) -> {
                            Promise<Verdict<String>> promise = Promise.promise();
                            asked.add(promise);
                            return promise.future();
                        },
                        Recorder.silent(),
                        counter)
                .actualPort();

        // when
        Future<ZmtpConnection<String>> one = connect(port, bench.curveClient());
        Future<ZmtpConnection<String>> other = connect(port, bench.curveClient());

        // then
        assertThat(counter.nextRefused()).isEqualTo(CloseReason.REFUSED_FOR_NOW);
        assertThat(asked).hasSize(1);
        asked.getFirst().complete(new Verdict.Accepted<>("in"));
        Bench.await(Future.any(one, other));
        assertThat(one.failed() ^ other.failed()).isTrue();
    }

    private Future<ZmtpConnection<String>> connect(int port, Security security) {
        return bench.client(Limits.DEFAULT)
                .connect(ZmtpTarget.dealer(Bench.HOST, port, security), "client", Recorder.silent());
    }

    private static CloseReason cause(Future<?> failing) {
        Throwable cause = Bench.await(
                failing.<Throwable>map(_ -> new AssertionError("it succeeded")).recover(Future::succeededFuture));
        return ((ZmtpRefusedException) cause).reason();
    }

    @Test
    void beyondTheLimitOfHandshakesTheOldestThatWaitsIsClosed() throws Exception {
        // given
        int port = listen(
                options(SocketType.ROUTER, bench.curveServer(), LONG)
                        .withHandshakes(new HandshakeLimits(3, Duration.ofMillis(2), 10, Duration.ofSeconds(1))),
                Recorder.silent());
        try (RawClient first = new RawClient(port)) {
            assertThat(first.read(Greeting.SIZE)).hasSize(Greeting.SIZE);
            try (RawClient second = new RawClient(port);
                    RawClient third = new RawClient(port)) {
                assertThat(second.read(Greeting.SIZE)).hasSize(Greeting.SIZE);
                assertThat(third.read(Greeting.SIZE)).hasSize(Greeting.SIZE);

                // when
                ZmtpConnection<String> healthy = Bench.await(connect(port, bench.curveClient()));

                // then
                first.awaitEnd();
                assertThat(counter.nextRefused()).isEqualTo(CloseReason.TOO_MANY_HANDSHAKES);
                assertThat(healthy.isOpen()).isTrue();
            }
        }
    }

    @Test
    void placesForConnectionsAreLimitedAndGivenBack() throws Exception {
        // given
        ConnectionQuota quota = new ConnectionQuota(10, 2);
        ZmtpServer<String> server = new ZmtpServer<>(
                bench.vertx(),
                options(SocketType.ROUTER, bench.curveServer(), LONG),
                quota,
                Authoriser.everyone("peer"),
                Recorder.silent(),
                counter);
        int port = Bench.await(server.listen()).actualPort();
        try (RawClient one = new RawClient(port);
                RawClient two = new RawClient(port)) {
            assertThat(one.read(Greeting.SIZE)).hasSize(Greeting.SIZE);
            assertThat(two.read(Greeting.SIZE)).hasSize(Greeting.SIZE);

            // when
            try (RawClient three = new RawClient(port)) {
                three.awaitEnd();
            }

            // then
            assertThat(counter.nextRefused()).isEqualTo(CloseReason.TOO_MANY_FROM_ADDRESS);
            assertThat(quota.open()).isEqualTo(2);
        }
        assertThat(counter.nextRefused()).isEqualTo(CloseReason.CLOSED_BY_PEER);
        assertThat(counter.nextRefused()).isEqualTo(CloseReason.CLOSED_BY_PEER);
        assertThat(quota.open()).isZero();
        Bench.await(connect(port, bench.curveClient()));
        Bench.await(server.close());
    }

    @Test
    void routersPeerThatDoesNotReadIsClosedAndMemoryStaysBounded() throws Exception {
        // given
        int bound = 1 << 20;
        Recorder<String> heard = Recorder.silent();
        int port = listen(
                bench.options(SocketType.ROUTER, new Security.Plain())
                        .withLimits(Limits.DEFAULT.withMaxUnwrittenBytes(bound)),
                heard);
        try (RawClient client = new RawClient(port)) {
            client.send(greetingAndReady("DEALER"));
            ZmtpConnection<String> connection = heard.nextOpened();
            byte[] body = new byte[65_536];

            // when
            List<Boolean> sent = new ArrayList<>();
            List<Long> unwritten = new ArrayList<>();
            Bench.on(connection, () -> {
                do {
                    sent.add(connection.send(body));
                    unwritten.add(connection.unwrittenBytes());
                } while (sent.getLast() && sent.size() < 10_000);
            });

            // then
            assertThat(heard.nextClosed()).isEqualTo(CloseReason.DOES_NOT_READ);
            assertThat(sent.getLast()).isFalse();
            assertThat(unwritten).allMatch(bytes -> bytes <= bound);
            assertThat(counter.droppedCount()).isOne();
        }
    }

    /** Whatever is sent to those who subscribe must not be had again and again. */
    @Test
    void subscriptionsAfterTheFirstAreNotTold() throws Exception {
        // given
        AtomicInteger told = new AtomicInteger();
        ZmtpServer<String> publisher = bench.listen(
                bench.options(SocketType.PUB, new Security.Plain()),
                Authoriser.everyone("peer"),
                new ZmtpListener<>() {
                    @Override
                    public void message(ZmtpConnection<String> connection, Frames frames) {
                        throw new IllegalStateException("a PUB gets no messages");
                    }

                    @Override
                    public void subscribed(ZmtpConnection<String> connection) {
                        told.incrementAndGet();
                    }
                },
                counter);

        // when: to something else twice, and then to everything
        try (RawClient subscriber = new RawClient(publisher.actualPort())) {
            subscriber.send(greetingAndReady("SUB"));
            subscriber.send(frame(0, new byte[] {1, 5}));
            subscriber.send(frame(0, new byte[] {1, 5}));
            subscriber.send(frame(0, new byte[] {1}));
            Bench.awaitSubscriptions(publisher, 1);

            // then
            assertThat(told).hasValue(1);
        }
    }

    @Test
    void subscriberThatDoesNotReadMissesMessagesAndMemoryStaysBounded() throws Exception {
        // given
        int bound = 256 * 1_024;
        Recorder<String> heard = Recorder.silent();
        ZmtpServer<String> publisher = bench.listen(
                bench.options(SocketType.PUB, new Security.Plain())
                        .withLimits(Limits.DEFAULT.withMaxUnwrittenBytes(bound)),
                Authoriser.everyone("peer"),
                heard,
                counter);
        try (RawClient slow = new RawClient(publisher.actualPort())) {
            slow.send(concat(greetingAndReady("SUB"), frame(0, new byte[] {1})));
            ZmtpConnection<String> slowOnServer = heard.nextOpened();
            Recorder<String> healthy = Recorder.silent();
            Bench.await(bench.client(Limits.DEFAULT)
                    .connect(
                            ZmtpTarget.sub(Bench.HOST, publisher.actualPort(), new Security.Plain()),
                            "healthy",
                            healthy));
            byte[] body = new byte[65_536];
            Bench.awaitSubscriptions(publisher, 2);

            // when
            long most = 0;
            long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            while (counter.droppedCount() < 50) {
                Bench.on(slowOnServer, () -> publisher.publish(body));
                Promise<Long> unwritten = Promise.promise();
                Bench.on(slowOnServer, () -> unwritten.complete(slowOnServer.unwrittenBytes()));
                most = Math.max(most, Bench.await(unwritten.future()));
                assertThat(System.nanoTime()).isLessThan(deadline);
            }

            // then
            assertThat(most).isLessThanOrEqualTo(bound);
            assertThat(slowOnServer.isOpen()).isTrue();
            int before = healthy.messagesWaiting();
            Bench.on(slowOnServer, () -> publisher.publish(body));
            for (int i = 0; i <= before; i++) {
                assertThat(healthy.nextMessage()).containsExactly(body);
            }
        }
    }

    @Test
    void pausedConnectionIsNotReadUntilItGoesOn() throws Exception {
        // given
        Recorder<String> heard = Recorder.answering((connection, _) -> connection.pause());
        int port = listen(bench.options(SocketType.ROUTER, bench.curveServer()), heard);
        ZmtpConnection<String> client = Bench.await(connect(port, bench.curveClient()));
        ZmtpConnection<String> server = heard.nextOpened();

        // when
        Bench.on(client, () -> {
            for (int i = 0; i < 5; i++) {
                client.send(new byte[] {(byte) i});
            }
        });

        // then: each message pauses it again
        for (int i = 0; i < 5; i++) {
            assertThat(heard.nextMessage()).containsExactly(new byte[] {(byte) i});
            assertThat(heard.messagesWaiting()).isZero();
            Bench.on(server, server::resume);
        }
    }

    @Test
    void listenerThatFailsLosesItsConnectionOnly() throws Exception {
        // given
        Recorder<String> heard = Recorder.answering((_, frames) -> {
            if (frames[0][0] == 'x') {
                throw new IllegalStateException("a listener that fails on purpose");
            }
        });
        int port = listen(bench.options(SocketType.ROUTER, bench.curveServer()), heard);
        ZmtpConnection<String> good = Bench.await(connect(port, bench.curveClient()));
        ZmtpConnection<String> bad = Bench.await(connect(port, bench.curveClient()));

        // when
        Bench.on(bad, () -> bad.send(ascii("x")));

        // then
        assertThat(heard.nextClosed()).isEqualTo(CloseReason.LISTENER_FAILED);
        Bench.on(good, () -> good.send(ascii("y")));
        assertThat(heard.nextMessage()).containsExactly(ascii("x"));
        assertThat(heard.nextMessage()).containsExactly(ascii("y"));
    }

    static Stream<Arguments> faults() {
        byte[] large = new byte[2_000];
        byte[] tooLong = concat(new byte[] {2}, new byte[] {0, 0, 0, 0, 0, 16, 0, 1});
        return Stream.of(
                Arguments.of("a frame that is too long", tooLong, CloseReason.FRAME_TOO_LARGE),
                Arguments.of(
                        "a message that is too long",
                        concat(frame(1, large), concat(frame(1, large), frame(0, large))),
                        CloseReason.MESSAGE_TOO_LARGE),
                Arguments.of("a negative length", filled(9, 2, 0xFF), CloseReason.FRAME_TOO_LARGE),
                Arguments.of("wrong flags", new byte[] {8, 0}, CloseReason.MALFORMED),
                Arguments.of("a command with more", new byte[] {5, 0}, CloseReason.MALFORMED),
                Arguments.of("a PING without TTL", frame(4, ascii("\4PING")), CloseReason.MALFORMED),
                Arguments.of(
                        "a PING that is too long",
                        frame(4, ascii("\4PING0012345678901234567")),
                        CloseReason.MALFORMED));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void readyPeerThatBreaksTheProtocolIsClosed(String name, byte[] bytes, CloseReason reason) throws Exception {
        // given
        Recorder<String> heard = Recorder.silent();
        int port = listen(
                bench.options(SocketType.ROUTER, new Security.Plain())
                        .withLimits(Limits.DEFAULT.withMessages(1 << 20, 4, 5_000)),
                heard);
        try (RawClient client = new RawClient(port)) {
            client.send(greetingAndReady("DEALER"));
            heard.nextOpened();

            // when
            client.send(bytes);

            // then
            client.awaitEnd();
            assertThat(heard.nextClosed()).isEqualTo(reason);
        }
    }

    @Test
    void framesBeyondThoseKeptAreCountedAndUnknownCommandsIgnored() throws Exception {
        // given
        Promise<String> seen = Promise.promise();
        ZmtpListener<String> listener = (_, frames) -> seen.tryComplete(frames.count() + " and " + frames.dropped());
        int port = listen(bench.options(SocketType.ROUTER, new Security.Plain()), listener);
        try (RawClient client = new RawClient(port)) {
            client.send(greetingAndReady("DEALER"));

            // when
            client.send(frame(4, ascii("\7UNKNOWN and more")));
            for (int i = 0; i < 9; i++) {
                client.send(frame(i < 8 ? 1 : 0, new byte[100]));
            }

            // then
            assertThat(Bench.await(seen.future())).isEqualTo("4 and 5");
        }
    }

    @Test
    void peerOfAnotherSocketTypeIsNotLetIn() throws Exception {
        int port = listen(bench.options(SocketType.ROUTER, new Security.Plain()), Recorder.silent());
        try (RawClient client = new RawClient(port)) {
            client.send(greetingAndReady("SUB"));
            client.awaitEnd();
            assertThat(counter.nextRefused()).isEqualTo(CloseReason.OTHER_SOCKET_TYPE);
        }
    }

    @Test
    void bytesThatArriveOneByOneMakeTheSameMessages() throws Exception {
        // given
        Recorder<String> heard = Recorder.silent();
        int port = listen(bench.options(SocketType.ROUTER, new Security.Plain()), heard);
        byte[] body = new byte[300];
        new Random(3).nextBytes(body);
        try (RawClient client = new RawClient(port)) {
            // when
            for (byte single : concat(greetingAndReady("DEALER"), concat(frame(1, ascii("header")), frame(0, body)))) {
                client.send(new byte[] {single});
            }

            // then
            assertThat(heard.nextMessage()).containsExactly(ascii("header"), body);
        }
    }

    @Test
    void silentPeerIsClosed() throws Exception {
        // given
        Recorder<String> heard = Recorder.silent();
        int port = listen(bench.options(SocketType.ROUTER, new Security.Plain()).withSilence(new Silence(1, 2)), heard);
        try (RawClient client = new RawClient(port)) {
            // when
            client.send(greetingAndReady("DEALER"));

            // then
            client.awaitEnd();
            assertThat(heard.nextClosed()).isEqualTo(CloseReason.SILENT);
        }
    }

    private static byte[] greetingAndReady(String type) {
        return concat(
                Greeting.encode("NULL", false),
                frame(4, Commands.body(Commands.READY, new Metadata(type, new byte[0]).encode())));
    }

    private static byte[] frame(int flags, byte[] body) {
        if (body.length <= 255) {
            return concat(new byte[] {(byte) flags, (byte) body.length}, body);
        }
        byte[] header = {
            (byte) (flags | 2), 0, 0, 0, 0, 0, (byte) (body.length >> 16), (byte) (body.length >> 8), (byte) body.length
        };
        return concat(header, body);
    }

    private static byte[] filled(int size, int first, int others) {
        byte[] bytes = new byte[size];
        Arrays.fill(bytes, (byte) others);
        bytes[0] = (byte) first;
        return bytes;
    }

    private static byte[] concat(byte[] one, byte[] other) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(one);
        out.writeBytes(other);
        return out.toByteArray();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
