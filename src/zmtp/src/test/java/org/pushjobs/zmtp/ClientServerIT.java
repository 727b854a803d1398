package org.pushjobs.zmtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.vertx.core.Future;
import java.lang.ref.Cleaner;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.pushjobs.zmtp.nacl.JavaNacl;
import org.pushjobs.zmtp.nacl.Nacl;
import org.pushjobs.zmtp.nacl.SodiumNacl;
import org.pushjobs.zmtp.wire.CloseReason;
import org.pushjobs.zmtp.wire.SocketType;

/** Our client talks to our server. */
class ClientServerIT {
    static Stream<Nacl> implementations() {
        return Stream.concat(Stream.of(new JavaNacl()), SodiumNacl.find().stream());
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void messagesGoToAndFroOverCurve(Nacl nacl) throws Exception {
        try (Bench bench = new Bench(nacl)) {
            // given
            Recorder<byte[]> server = Recorder.echo();
            int port = bench.listen(
                            bench.options(SocketType.ROUTER, bench.curveServer()),
                            (key, _) -> Future.succeededFuture(new Verdict.Accepted<>(key)),
                            server,
                            ZmtpStatistics.NONE)
                    .actualPort();
            Security.CurveClient security = (Security.CurveClient) bench.curveClient();
            Recorder<String> client = Recorder.silent();

            // when
            ZmtpConnection<String> connection = Bench.await(bench.client(Limits.DEFAULT)
                    .connect(ZmtpTarget.dealer(Bench.HOST, port, security), "mine", client));
            byte[] large = new byte[65_536];
            Arrays.fill(large, (byte) 7);
            Bench.on(connection, () -> {
                connection.send(bytes("one"));
                connection.send(bytes("two"), large);
                connection.send(bytes("three"), new byte[0], bytes("end"));
            });

            // then
            assertThat(server.nextOpened().user()).isEqualTo(security.keys().publicKey());
            assertThat(connection.user()).isEqualTo("mine");
            assertThat(client.nextMessage()).containsExactly(bytes("one"));
            assertThat(client.nextMessage()).containsExactly(bytes("two"), large);
            assertThat(client.nextMessage()).containsExactly(bytes("three"), new byte[0], bytes("end"));
        }
    }

    /** Vert.x closes the connections of a NetClient that is garbage. */
    @Test
    void connectionHoldsItsClient() throws Exception {
        try (Bench bench = Bench.java()) {
            // given
            int port = bench.router(new Security.Plain(), Recorder.echo()).actualPort();
            Recorder<String> answers = Recorder.silent();
            Connected connected = connect(bench, port, answers);
            CountDownLatch garbageFound = new CountDownLatch(1);
            Cleaner.create().register(new Object(), garbageFound::countDown);

            // when
            do {
                System.gc();
            } while (!garbageFound.await(10, TimeUnit.MILLISECONDS));

            // then
            assertThat(connected.client().get()).isNotNull();
            Bench.on(connected.connection(), () -> connected.connection().send(bytes("still here")));
            assertThat(answers.nextMessage()).containsExactly(bytes("still here"));
        }
    }

    private record Connected(WeakReference<ZmtpClient> client, ZmtpConnection<String> connection) {}

    private static Connected connect(Bench bench, int port, Recorder<String> answers) {
        ZmtpClient client = bench.client(Limits.DEFAULT);
        return new Connected(
                new WeakReference<>(client),
                Bench.await(
                        client.connect(ZmtpTarget.dealer(Bench.HOST, port, new Security.Plain()), "mine", answers)));
    }

    @Test
    void messagesGoToAndFroInClearText() throws Exception {
        try (Bench bench = Bench.java()) {
            // given
            int port = bench.router(new Security.Plain(), Recorder.echo()).actualPort();
            Recorder<String> client = Recorder.silent();

            // when
            ZmtpConnection<String> connection = Bench.await(bench.client(Limits.DEFAULT)
                    .connect(ZmtpTarget.dealer(Bench.HOST, port, new Security.Plain()), "mine", client));
            Bench.on(connection, () -> connection.send(bytes("a"), bytes("b")));

            // then
            assertThat(client.nextMessage()).containsExactly(bytes("a"), bytes("b"));
        }
    }

    /** Large messages that come all at once, each of which keeps the server busy for a while. */
    @Test
    void smallMessageDoesNotWaitForAllLargeOnes() throws Exception {
        int largeOnes = 200;
        byte[] large = new byte[60_000];
        try (Bench bench = Bench.java()) {
            // given
            List<Integer> largeBetweenSmall = new ArrayList<>();
            List<ZmtpConnection<String>> served = new ArrayList<>();
            AtomicInteger sinceSmall = new AtomicInteger();
            CountDownLatch allLarge = new CountDownLatch(largeOnes);
            Recorder<String> server = Recorder.answering((connection, frames) -> {
                if (frames[0].length == large.length) {
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
                    sinceSmall.incrementAndGet();
                    served.add(connection);
                    allLarge.countDown();
                } else {
                    largeBetweenSmall.add(sinceSmall.getAndSet(0));
                    connection.send(frames);
                }
            });
            int port = bench.router(new Security.Plain(), server).actualPort();
            ZmtpTarget target = ZmtpTarget.dealer(Bench.HOST, port, new Security.Plain());
            Recorder<String> answers = Recorder.answering(ZmtpConnection::send);
            ZmtpConnection<String> small =
                    Bench.await(bench.client(Limits.DEFAULT).connect(target, "small", answers));
            List<ZmtpConnection<String>> senders = new ArrayList<>();
            for (int i = 0; i < largeOnes; i++) {
                senders.add(Bench.await(bench.client(Limits.DEFAULT).connect(target, "large", Recorder.silent())));
            }

            // when
            Bench.on(small, () -> small.send(bytes("small")));
            answers.nextMessage();
            senders.forEach(sender -> Bench.on(sender, () -> sender.send(large)));

            // then
            assertThat(allLarge.await(60, TimeUnit.SECONDS)).isTrue();
            Bench.on(small, small::close);
            server.nextClosed();
            assertThat(largeBetweenSmall)
                    .allSatisfy(count -> assertThat(count).isLessThanOrEqualTo(4 * LargeMessageQueue.AT_ONCE));
            assertThat(served).hasSize(largeOnes);
            Bench.until("nobody waits", () -> served.stream().noneMatch(connection -> connection.isHeldUp(0)));
        }
    }

    @Test
    void connectionThatIsPausedWhileItsLargeMessageIsReadReadsOnWhenItIsResumed() throws Exception {
        byte[] large = new byte[60_000];
        try (Bench bench = Bench.java()) {
            // given
            Recorder<String> server = Recorder.answering((connection, _) -> {
                connection.pause();
                connection.resume();
            });
            int port = bench.router(new Security.Plain(), server).actualPort();
            ZmtpConnection<String> connection = Bench.await(bench.client(Limits.DEFAULT)
                    .connect(ZmtpTarget.dealer(Bench.HOST, port, new Security.Plain()), "mine", Recorder.silent()));

            // when: some messages come whole in one reading, others in parts
            for (int i = 0; i < 50; i++) {
                Bench.on(connection, () -> {
                    connection.send(large);
                    connection.send(bytes("small"), large);
                });
                // then
                assertThat(server.nextMessage()).containsExactly(large);
                assertThat(server.nextMessage()).containsExactly(bytes("small"), large);
            }
        }
    }

    @Test
    void refusedClientLearnsIt() {
        try (Bench bench = Bench.java()) {
            // given
            int port = bench.listen(
                            bench.options(SocketType.ROUTER, bench.curveServer()),
                            (_, _) -> Future.succeededFuture(new Verdict.Refused<String>()),
                            Recorder.silent(),
                            ZmtpStatistics.NONE)
                    .actualPort();

            // when
            Throwable failure = catchThrowable(() -> Bench.await(bench.client(Limits.DEFAULT)
                    .connect(ZmtpTarget.dealer(Bench.HOST, port, bench.curveClient()), "mine", Recorder.silent())));

            // then
            assertThat(failure)
                    .isInstanceOfSatisfying(
                            ZmtpRefusedException.class,
                            e -> assertThat(e.reason()).isEqualTo(CloseReason.REFUSED));
        }
    }

    @Test
    void subscriberGetsWhatItAskedFor() throws Exception {
        try (Bench bench = Bench.java()) {
            // given
            ZmtpServer<String> publisher =
                    bench.publisher(new Security.Plain(), options -> options, ZmtpStatistics.NONE);
            Recorder<String> client = Recorder.silent();
            ZmtpTarget target = new ZmtpTarget(
                    SocketType.SUB,
                    Bench.HOST,
                    publisher.actualPort(),
                    new Security.Plain(),
                    new byte[0],
                    List.of(bytes("news")));
            ZmtpConnection<String> connection =
                    Bench.await(bench.client(Limits.DEFAULT).connect(target, "mine", client));

            // when
            long timer = bench.vertx()
                    .setPeriodic(
                            20,
                            _ -> publisher.context().runOnContext(_ -> {
                                publisher.publish(bytes("weather"), bytes("1"));
                                publisher.publish(bytes("newsflash"), bytes("2"));
                            }));

            // then
            assertThat(client.nextMessage()).containsExactly(bytes("newsflash"), bytes("2"));
            assertThat(client.nextMessage()).containsExactly(bytes("newsflash"), bytes("2"));
            bench.vertx().cancelTimer(timer);
            assertThat(connection.isOpen()).isTrue();
        }
    }

    @Test
    void publicationForSomePeersReachesNoOther() throws Exception {
        try (Bench bench = Bench.java()) {
            // given
            ZmtpServer<String> publisher =
                    bench.publisher(new Security.Plain(), options -> options, ZmtpStatistics.NONE);
            ZmtpTarget target = ZmtpTarget.sub(Bench.HOST, publisher.actualPort(), new Security.Plain());
            Recorder<String> one = Recorder.silent();
            Recorder<String> other = Recorder.silent();
            Bench.await(bench.client(Limits.DEFAULT).connect(target, "one", one));
            Bench.await(bench.client(Limits.DEFAULT).connect(target, "other", other));
            Set<Long> peers = ConcurrentHashMap.newKeySet();
            long timer = bench.vertx()
                    .setPeriodic(
                            20,
                            _ -> publisher.context().runOnContext(_ -> {
                                // when
                                publisher.publish(
                                        peer -> peers.add(peer.id()) && peers.size() == 1, bytes("for the first"));
                                if (peers.size() == 2) {
                                    publisher.publish(bytes("for all"));
                                }
                            }));

            // then
            List<String> first = List.of(
                    text(one.nextMessage()),
                    text(one.nextMessage()),
                    text(other.nextMessage()),
                    text(other.nextMessage()));
            assertThat(first).containsOnlyOnce("for the first").contains("for all");
            bench.vertx().cancelTimer(timer);
        }
    }

    private static String text(List<byte[]> message) {
        return new String(message.getFirst(), StandardCharsets.US_ASCII);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
