package org.pushjobs.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.spi.cluster.NodeInfo;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.spi.cluster.hazelcast.impl.HazelcastNodeInfo;
import io.vertx.spi.cluster.hazelcast.impl.HazelcastRegistrationInfo;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.pushjobs.server.testing.Await;

/** Whoever reaches the port of the event bus without the secrets. */
class BusStrangersIT {
    private static final String ADDRESS = "orders";

    private static final List<String> heard = new CopyOnWriteArrayList<>();
    private static Vertx strangers;
    private static TestCluster cluster;
    private static ClusteredVertx member;

    @BeforeAll
    static void join() {
        strangers = Vertx.vertx();
        cluster = new TestCluster(2);
        member = cluster.join(0);
        Await.result(member.vertx()
                .eventBus()
                .<String>consumer(ADDRESS, message -> heard.add(message.body()))
                .completion());
    }

    @AfterAll
    static void closeAll() {
        cluster.close();
        Await.result(strangers.close());
    }

    private static NetClientOptions tls() {
        return new NetClientOptions()
                .setSsl(true)
                .setTrustAll(true)
                .setHostnameVerificationAlgorithm("")
                .setConnectTimeout(5_000);
    }

    /** A message and a ping, as members send them. */
    private static Buffer sayings(String body) {
        return framed(message((byte) 9, ADDRESS).appendInt(body.length()).appendString(body))
                .appendBuffer(framed(message((byte) 1, "__vertx_ping")));
    }

    private static Buffer message(byte codec, String address) {
        Buffer buffer = Buffer.buffer().appendByte((byte) 2).appendByte(codec).appendByte((byte) 0);
        buffer.appendInt(address.length()).appendString(address);
        buffer.appendInt(0);
        buffer.appendInt("stranger".length()).appendString("stranger");
        return buffer.appendInt(Integer.BYTES);
    }

    private static Buffer framed(Buffer message) {
        return Buffer.buffer().appendInt(message.length()).appendBuffer(message);
    }

    /** What came back, until the member hung up or answered the ping. */
    private static int bytesRead(NetClientOptions options, String body) {
        AtomicInteger read = new AtomicInteger();
        AtomicBoolean over = new AtomicBoolean();
        strangers
                .createNetClient(options)
                .connect(cluster.place(0).busPort(), cluster.place(0).address())
                .onFailure(_ -> over.set(true))
                .onSuccess(socket -> {
                    socket.exceptionHandler(_ -> {});
                    socket.closeHandler(_ -> over.set(true));
                    socket.handler(bytes -> {
                        read.addAndGet(bytes.length());
                        over.set(true);
                    });
                    socket.write(sayings(body));
                });
        Await.until("an answer, or an end", Duration.ofSeconds(30), over::get);
        return read.get();
    }

    @Test
    void withoutTheCertificateNothingIsReadAndNothingIsSaid() {
        assertThat(bytesRead(tls(), "of nobody")).isZero();
        assertThat(bytesRead(
                        tls().setKeyCertOptions(
                                        new BusIdentity(TestCluster.keys(2).busSeed()).own()),
                        "of another"))
                .isZero();
        assertThat(bytesRead(new NetClientOptions(), "in clear text")).isZero();

        // it comes after them
        assertThat(bytesRead(tls().setKeyCertOptions(new BusIdentity(TestCluster.KEYS.busSeed()).own()), "of a member"))
                .isEqualTo(1);
        Await.until("a member's message", () -> !heard.isEmpty());
        assertThat(heard).containsExactly("of a member");
    }

    @Test
    void aMemberSaysNothingToWhoHasAnotherCertificate() {
        AtomicInteger connections = new AtomicInteger();
        AtomicInteger read = new AtomicInteger();
        int port = Await.result(strangers
                        .createNetServer(new NetServerOptions()
                                .setSsl(true)
                                .setKeyCertOptions(
                                        new BusIdentity(TestCluster.keys(2).busSeed()).own()))
                        .connectHandler(socket -> {
                            connections.incrementAndGet();
                            socket.handler(bytes -> read.addAndGet(bytes.length()));
                        })
                        .exceptionHandler(_ -> connections.incrementAndGet())
                        .listen(0, "127.0.0.9"))
                .actualPort();
        // entries of the registry that lead astray
        member.hazelcast()
                .getMap("__vertx.nodeInfo")
                .put("stranger", new HazelcastNodeInfo(new NodeInfo("127.0.0.9", port, null)));
        member.hazelcast()
                .getMultiMap("__vertx.subs")
                .put("astray", new HazelcastRegistrationInfo(new RegistrationInfo("stranger", 1, false)));

        Throwable failure =
                Await.failure(member.vertx().eventBus().sender("astray").write("secret"));

        assertThat(failure).hasRootCauseInstanceOf(GeneralSecurityException.class);
        Await.until("the stranger was asked", () -> connections.get() > 0);
        assertThat(read).hasValue(0);
    }
}
