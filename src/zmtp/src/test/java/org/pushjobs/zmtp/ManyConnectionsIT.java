package org.pushjobs.zmtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pushjobs.zmtp.nacl.KeyPair;
import org.pushjobs.zmtp.testing.RawClient;
import org.pushjobs.zmtp.wire.CloseReason;
import org.pushjobs.zmtp.wire.Frames;
import org.pushjobs.zmtp.wire.SocketType;

/** Several servers on one port, many connections at once, some of them bad. */
class ManyConnectionsIT {
    private Bench bench;

    @BeforeEach
    void open() {
        bench = Bench.java();
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void verticlesShareAPortAndEachConnectionStaysOnOneOfThem() throws Exception {
        // given: a negative port is a free one that both share
        ConnectionQuota quota = new ConnectionQuota(100, 100);
        Recorder<String> heard = Recorder.echo();
        ZmtpServerOptions options =
                bench.options(SocketType.ROUTER, bench.curveServer()).withPort(-1);
        ZmtpServer<String> first = deploy(options, quota, heard);
        ZmtpServer<String> second = deploy(options, quota, heard);
        assertThat(second.actualPort()).isEqualTo(first.actualPort());

        // when
        Recorder<String> answers = Recorder.silent();
        for (int i = 0; i < 6; i++) {
            ZmtpConnection<String> client = Bench.await(bench.client(Limits.DEFAULT)
                    .connect(
                            ZmtpTarget.dealer(Bench.HOST, first.actualPort(), bench.curveClient()), "client", answers));
            Bench.on(client, () -> client.send(ascii("hello")));
        }

        // then
        Set<Object> contexts = new HashSet<>();
        for (int i = 0; i < 6; i++) {
            assertThat(answers.nextMessage()).containsExactly(ascii("hello"));
            contexts.add(heard.nextOpened().context());
        }
        assertThat(contexts).containsExactlyInAnyOrder(first.context(), second.context());
        assertThat(quota.open()).isEqualTo(6);
    }

    private ZmtpServer<String> deploy(ZmtpServerOptions options, ConnectionQuota quota, ZmtpListener<String> listener) {
        Promise<ZmtpServer<String>> listening = Promise.promise();
        Vertx vertx = bench.vertx();
        Bench.await(vertx.deployVerticle(new AbstractVerticle() {
            @Override
            public void start(Promise<Void> started) {
                ZmtpServer<String> server = new ZmtpServer<>(
                        vertx, options, quota, Authoriser.everyone("peer"), listener, ZmtpStatistics.NONE);
                server.listen().onComplete(listening).<Void>mapEmpty().onComplete(started);
            }
        }));
        return Bench.await(listening.future());
    }

    @Test
    void publicationReachesMoreSubscribersThanATurnServesInOrder() throws Exception {
        // given
        ZmtpServer<String> publisher = bench.publisher(new Security.Plain(), options -> options, ZmtpStatistics.NONE);
        int subscribers = 2 * Fanout.PER_TURN + 10;
        int messages = 2 * Fanout.MAX_WAITING;
        CountDownLatch all = new CountDownLatch(subscribers * messages);
        ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
        ZmtpListener<int[]> listener = (connection, frames) -> {
            int expected = connection.user()[0]++;
            if (frames.array()[frames.offset(0)] != expected) {
                wrong.add(connection.id() + " expected " + expected);
            }
            all.countDown();
        };
        ZmtpClient client = bench.client(Limits.DEFAULT);
        List<Future<?>> connected = new ArrayList<>();
        for (int i = 0; i < subscribers; i++) {
            connected.add(client.connect(
                    ZmtpTarget.sub(Bench.HOST, publisher.actualPort(), new Security.Plain()), new int[1], listener));
        }
        Bench.await(Future.all(connected));
        Bench.awaitSubscriptions(publisher, subscribers);

        // when
        publisher.context().runOnContext(_ -> {
            for (int i = 0; i < messages; i++) {
                publisher.publish(new byte[] {(byte) i});
            }
        });

        // then
        assertThat(all.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(wrong).isEmpty();
    }

    @Test
    void healthyPeersAreServedAmongManyBadOnes() throws Exception {
        // given
        Counter counter = new Counter();
        KeyPair keys = bench.nacl().newKeyPair();
        Security healthy = new Security.CurveClient(bench.serverKeys().publicKey(), keys);
        ZmtpListener<String> echo = new ZmtpListener<>() {
            @Override
            public void message(ZmtpConnection<String> connection, Frames frames) {
                connection.send(frames.copy(0));
            }
        };
        int port = bench.listen(
                        bench.options(SocketType.ROUTER, bench.curveServer()),
                        (key, _) -> Future.succeededFuture(
                                Arrays.equals(key, keys.publicKey())
                                        ? new Verdict.Accepted<>("healthy")
                                        : new Verdict.RefusedForNow<>()),
                        echo,
                        counter)
                .actualPort();
        Recorder<String> answers = Recorder.silent();
        ZmtpConnection<String> client = Bench.await(
                bench.client(Limits.DEFAULT).connect(ZmtpTarget.dealer(Bench.HOST, port, healthy), "healthy", answers));

        // when
        List<RawClient> bad = new ArrayList<>();
        List<Future<?>> unknown = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            bad.add(new RawClient(port));
            RawClient garbage = new RawClient(port);
            garbage.send(ascii("GET / HTTP/1.0\r\n\r\n"));
            bad.add(garbage);
            unknown.add(bench.client(Limits.DEFAULT)
                    .connect(ZmtpTarget.dealer(Bench.HOST, port, bench.curveClient()), "bad", answers));
            Bench.on(client, () -> client.send(ascii("still here")));
        }

        // then
        for (int i = 0; i < 200; i++) {
            assertThat(answers.nextMessage()).containsExactly(ascii("still here"));
        }
        Bench.await(Future.join(unknown).otherwiseEmpty());
        assertThat(unknown).allMatch(Future::failed);
        for (int i = 0; i < 600; i++) {
            assertThat(counter.nextRefused())
                    .isIn(CloseReason.NOT_ZMTP, CloseReason.HANDSHAKE_TIMEOUT, CloseReason.REFUSED_FOR_NOW);
        }
        assertThat(client.isOpen()).isTrue();
        bad.forEach(RawClient::close);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
