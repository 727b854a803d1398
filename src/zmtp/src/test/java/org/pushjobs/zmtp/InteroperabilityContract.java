package org.pushjobs.zmtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pushjobs.zmtp.nacl.KeyPair;
import org.pushjobs.zmtp.testing.Peer;
import org.pushjobs.zmtp.wire.CloseReason;
import org.pushjobs.zmtp.wire.SocketType;

/** What holds with every other implementation of ZMTP. */
abstract class InteroperabilityContract {
    static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(5);
    /** Within which something happens if it happens at all. */
    static final Duration MOMENT = Duration.ofMillis(700);

    private static final byte[] LARGE = new byte[65_536];

    static {
        new Random(1).nextBytes(LARGE);
    }

    enum Mechanism {
        NULL,
        CURVE
    }

    Bench bench;

    abstract Peer peer(org.zeromq.SocketType type) throws Exception;

    @BeforeEach
    void open() {
        bench = Bench.java();
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private Security server(Mechanism mechanism) {
        return switch (mechanism) {
            case NULL -> new Security.Plain();
            case CURVE -> bench.curveServer();
        };
    }

    private Optional<Peer.ClientKeys> keys(Mechanism mechanism) {
        return switch (mechanism) {
            case NULL -> Optional.empty();
            case CURVE -> Optional.of(curveKeys());
        };
    }

    /** Connects to a server that lets it in, again when nothing comes of it. */
    private static void connect(Peer dealer, int port, Optional<Peer.ClientKeys> keys, Recorder<?> server)
            throws Exception {
        dealer.connect(port, keys);
        for (int attempt = 1; !server.isOpenedWithin(CONNECT_PATIENCE); attempt++) {
            assertThat(attempt).as("attempts to connect").isLessThan(5);
            dealer.reconnect();
        }
    }

    Peer.ClientKeys curveKeys() {
        return new Peer.ClientKeys(bench.serverKeys().publicKey(), bench.nacl().newKeyPair());
    }

    static Stream<List<byte[]>> messages() {
        return Stream.of(
                List.of(bytes("alone")),
                List.of(new byte[0]),
                List.of(bytes("header"), LARGE),
                List.of(LARGE, LARGE, bytes("end")),
                List.of(Arrays.copyOf(LARGE, 200), Arrays.copyOf(LARGE, 255), Arrays.copyOf(LARGE, 256)),
                List.of(Arrays.copyOf(LARGE, 221), Arrays.copyOf(LARGE, 222), Arrays.copyOf(LARGE, 223)));
    }

    @ParameterizedTest
    @EnumSource
    void dealerIsHeardAndAnswered(Mechanism mechanism) throws Exception {
        // given
        Recorder<String> heard = Recorder.echo();
        int port = bench.router(server(mechanism), heard).actualPort();
        try (Peer dealer = peer(org.zeromq.SocketType.DEALER)) {
            connect(dealer, port, keys(mechanism), heard);

            for (List<byte[]> message : messages().toList()) {
                // when
                dealer.send(message.toArray(byte[][]::new));

                // then
                assertThat(heard.nextMessage()).containsExactlyElementsOf(message);
                assertThat(dealer.receive(PATIENCE).orElseThrow()).containsExactlyElementsOf(message);
            }
        }
    }

    @Test
    void manyMessagesKeepTheirOrder() throws Exception {
        // given
        Recorder<String> heard = Recorder.echo();
        int port = bench.router(bench.curveServer(), heard).actualPort();
        try (Peer dealer = peer(org.zeromq.SocketType.DEALER)) {
            connect(dealer, port, keys(Mechanism.CURVE), heard);

            // when
            for (int i = 0; i < 500; i++) {
                dealer.send(bytes("message"), bytes(Integer.toString(i)));
            }

            // then
            for (int i = 0; i < 500; i++) {
                assertThat(dealer.receive(PATIENCE).orElseThrow())
                        .containsExactly(bytes("message"), bytes(Integer.toString(i)));
            }
        }
    }

    @Test
    void authoriserSeesTheKeyThatThePeerOwns() throws Exception {
        // given
        Recorder<byte[]> heard = Recorder.silent();
        int port = bench.listen(
                        bench.options(SocketType.ROUTER, bench.curveServer()),
                        (key, _) -> Future.succeededFuture(new Verdict.Accepted<>(key)),
                        heard,
                        ZmtpStatistics.NONE)
                .actualPort();
        Peer.ClientKeys keys = curveKeys();
        try (Peer dealer = peer(org.zeromq.SocketType.DEALER)) {
            // when
            dealer.connect(port, Optional.of(keys));
            ZmtpConnection<byte[]> connection = heard.nextOpened();

            // then
            assertThat(connection.user()).isEqualTo(keys.own().publicKey());
            assertThat(connection.remoteAddress()).isEqualTo("127.0.0.1");
        }
    }

    @Test
    void peerWithTheWrongServerKeyIsNotLetIn() throws Exception {
        // given
        Counter counter = new Counter();
        int port = bench.listen(
                        bench.options(SocketType.ROUTER, bench.curveServer()),
                        Authoriser.everyone("peer"),
                        Recorder.silent(),
                        counter)
                .actualPort();
        try (Peer dealer = peer(org.zeromq.SocketType.DEALER)) {
            // when
            dealer.connect(
                    port,
                    Optional.of(new Peer.ClientKeys(
                            bench.nacl().newKeyPair().publicKey(), bench.nacl().newKeyPair())));

            // then
            assertThat(counter.nextRefusedForAFault()).isEqualTo(CloseReason.FORGED);
            assertThat(counter.openedCount()).isZero();
        }
    }

    @Test
    void peerThatIsRefusedForNowComesBackUntilItIsLetIn() throws Exception {
        // given
        AtomicInteger asked = new AtomicInteger();
        Counter counter = new Counter();
        ZmtpServerOptions options = bench.options(SocketType.ROUTER, bench.curveServer())
                .withHandshakes(new HandshakeLimits(10, Duration.ofMillis(2), 10, Duration.ofMillis(50)));
        int port = bench.listen(
                        options,
                        (_, _) -> Future.succeededFuture(
                                asked.incrementAndGet() <= 2
                                        ? new Verdict.RefusedForNow<>()
                                        : new Verdict.Accepted<>("at last")),
                        Recorder.<String>echo(),
                        counter)
                .actualPort();
        try (Peer dealer = peer(org.zeromq.SocketType.DEALER)) {
            // when
            dealer.connect(port, keys(Mechanism.CURVE));
            awaitAnswer(dealer, bytes("hello"));

            // then
            assertThat(counter.nextRefusedForAFault()).isEqualTo(CloseReason.REFUSED_FOR_NOW);
            assertThat(counter.nextRefusedForAFault()).isEqualTo(CloseReason.REFUSED_FOR_NOW);
            assertThat(asked).hasValue(3);
        }
    }

    @Test
    void peerReconnectsWhenItsConnectionIsClosed() throws Exception {
        // given
        Recorder<String> heard = Recorder.echo();
        int port = bench.router(bench.curveServer(), heard).actualPort();
        try (Peer dealer = peer(org.zeromq.SocketType.DEALER)) {
            connect(dealer, port, keys(Mechanism.CURVE), heard);
            ZmtpConnection<String> first = heard.nextOpened();

            // when
            Bench.on(first, first::close);
            assertThat(heard.nextClosed()).isEqualTo(CloseReason.CLOSED_BY_US);

            // then
            awaitAnswer(dealer, bytes("again"));
            assertThat(heard.nextOpened().id()).isNotEqualTo(first.id());
        }
    }

    /** What is sent while there is no connection may be lost. */
    private static void awaitAnswer(Peer dealer, byte[] message) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Optional<List<byte[]>> answer = Optional.empty();
        while (answer.isEmpty()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            dealer.send(message);
            answer = dealer.receive(MOMENT);
        }
        assertThat(answer.orElseThrow()).containsExactly(message);
    }

    @Test
    void pingsAreAnswered() throws Exception {
        // given
        Counter counter = new Counter();
        int port = bench.listen(
                        bench.options(SocketType.ROUTER, bench.curveServer()),
                        Authoriser.everyone("peer"),
                        Recorder.<String>echo(),
                        counter)
                .actualPort();
        try (Peer dealer = peer(org.zeromq.SocketType.DEALER)) {
            // when: it would hang up after 600 ms without an answer
            dealer.heartbeat(Duration.ofMillis(30));
            dealer.connect(port, keys(Mechanism.CURVE));
            awaitAnswer(dealer, bytes("first"));
            int connections = counter.openedCount();
            while (dealer.receive(Duration.ofMillis(1_500)).isPresent()) {
                // what was sent more than once is answered more than once
            }
            dealer.send(bytes("second"));

            // then
            assertThat(dealer.receive(PATIENCE).orElseThrow()).containsExactly(bytes("second"));
            assertThat(counter.openedCount()).isEqualTo(connections);
        }
    }

    @ParameterizedTest
    @EnumSource
    void subscriberGetsWhatItAskedForAndNothingElse(Mechanism mechanism) throws Exception {
        // given
        ZmtpServer<String> publisher = bench.publisher(server(mechanism), options -> options, ZmtpStatistics.NONE);
        try (Peer sub = peer(org.zeromq.SocketType.SUB)) {
            sub.subscribe(bytes("news"));
            sub.connect(publisher.actualPort(), keys(mechanism));

            // when
            long timer = publish(publisher, bytes("weather"), bytes("news.1"));
            assertThat(sub.receive(PATIENCE).orElseThrow()).containsExactly(bytes("news.1"), LARGE);
            sub.subscribe(bytes("wea"));
            sub.unsubscribe(bytes("news"));

            // then
            awaitFirst(sub, bytes("weather"));
            awaitOnly(sub, bytes("weather"));
            bench.vertx().cancelTimer(timer);
        }
    }

    private long publish(ZmtpServer<String> publisher, byte[]... firstFrames) {
        return bench.vertx()
                .setPeriodic(
                        20,
                        _ -> publisher.context().runOnContext(_ -> {
                            for (byte[] first : firstFrames) {
                                publisher.publish(first, LARGE);
                            }
                        }));
    }

    private static void awaitFirst(Peer sub, byte[] first) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!Arrays.equals(sub.receive(PATIENCE).orElseThrow().getFirst(), first)) {
            assertThat(System.nanoTime()).isLessThan(deadline);
        }
    }

    /** What was on its way when the subscription was changed may come; then ten in a row are what is left. */
    private static void awaitOnly(Peer sub, byte[] first) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        int inARow = 0;
        while (inARow < 10) {
            inARow = Arrays.equals(sub.receive(PATIENCE).orElseThrow().getFirst(), first) ? inARow + 1 : 0;
            assertThat(System.nanoTime()).isLessThan(deadline);
        }
    }

    @ParameterizedTest
    @EnumSource
    void ourDealerTalksToTheirRouter(Mechanism mechanism) throws Exception {
        try (Peer router = peer(org.zeromq.SocketType.ROUTER)) {
            // given
            Optional<KeyPair> keys = mechanism == Mechanism.CURVE ? Optional.of(bench.serverKeys()) : Optional.empty();
            int port = router.bind(keys);
            Recorder<String> heard = Recorder.silent();

            // when
            ZmtpConnection<String> dealer = Bench.await(bench.client(Limits.DEFAULT)
                    .connect(ZmtpTarget.dealer(Bench.HOST, port, client(mechanism)), "mine", heard));
            Bench.on(dealer, () -> dealer.send(bytes("header"), LARGE));
            List<byte[]> received = router.receive(PATIENCE).orElseThrow();
            router.send(received.toArray(byte[][]::new));

            // then
            assertThat(received.subList(1, received.size())).containsExactly(bytes("header"), LARGE);
            assertThat(heard.nextMessage()).containsExactly(bytes("header"), LARGE);
        }
    }

    @ParameterizedTest
    @EnumSource
    void ourSubscriberHearsTheirPublisher(Mechanism mechanism) throws Exception {
        try (Peer publisher = peer(org.zeromq.SocketType.PUB)) {
            // given
            Optional<KeyPair> keys = mechanism == Mechanism.CURVE ? Optional.of(bench.serverKeys()) : Optional.empty();
            int port = publisher.bind(keys);
            Recorder<String> heard = Recorder.silent();
            Bench.await(bench.client(Limits.DEFAULT)
                    .connect(ZmtpTarget.sub(Bench.HOST, port, client(mechanism)), "mine", heard));

            // when: a PUB drops what comes before the subscription
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (heard.messagesWaiting() == 0) {
                publisher.send(bytes("news"), LARGE);
                Thread.onSpinWait();
                assertThat(System.nanoTime()).isLessThan(deadline);
            }

            // then
            assertThat(heard.nextMessage()).containsExactly(bytes("news"), LARGE);
        }
    }

    private Security client(Mechanism mechanism) {
        return switch (mechanism) {
            case NULL -> new Security.Plain();
            case CURVE -> bench.curveClient();
        };
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
