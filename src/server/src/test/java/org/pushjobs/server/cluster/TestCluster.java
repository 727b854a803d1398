package org.pushjobs.server.cluster;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.pushjobs.config.ClusterConfig;
import org.pushjobs.config.MemberAddress;
import org.pushjobs.config.ServerRole;
import org.pushjobs.config.secrets.ClusterKeys;
import org.pushjobs.server.jobs.JobCodecs;
import org.pushjobs.server.metrics.ServerMetrics;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.FreePort;

/** Members of a cluster in this process, each at a loopback address of its own: 127.0.0.1, 127.0.0.2 and so on. */
public final class TestCluster implements AutoCloseable {
    static final ClusterKeys KEYS = keys(1);

    private final List<ClusterConfig> places;
    private final List<ClusteredVertx> joined = new ArrayList<>();

    /** @param size how many may join */
    public TestCluster(int size) {
        List<MemberAddress> addresses = IntStream.rangeClosed(1, size)
                .mapToObj(number -> new MemberAddress("127.0.0." + number, FreePort.pick()))
                .toList();
        places = addresses.stream()
                .map(address -> new ClusterConfig(addresses, address.host(), address.port(), FreePort.pick(), false))
                .toList();
    }

    static ClusterKeys keys(int filling) {
        byte[] secret = new byte[32];
        Arrays.fill(secret, (byte) filling);
        return new ClusterKeys(secret);
    }

    ClusterConfig place(int number) {
        return places.get(number);
    }

    public static MemberInfo info(int number) {
        return new MemberInfo(
                "server-" + number, "4.0." + number, "process-" + number, EnumSet.allOf(ServerRole.class));
    }

    public ClusteredVertx join(int number) {
        return join(number, KEYS);
    }

    ClusteredVertx join(int number, ClusterKeys keys) {
        return joined(attempt(number, keys));
    }

    /** @param info what it tells in place of the usual */
    ClusteredVertx join(int number, MemberInfo info) {
        return joined(attempt(number, KEYS, info));
    }

    private ClusteredVertx joined(Future<ClusteredVertx> attempt) {
        ClusteredVertx member = Await.result(attempt);
        joined.add(member);
        return member;
    }

    Future<ClusteredVertx> attempt(int number, ClusterKeys keys) {
        return attempt(number, keys, info(number));
    }

    private Future<ClusteredVertx> attempt(int number, ClusterKeys keys, MemberInfo info) {
        ServerMetrics metrics = new ServerMetrics(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
        return ClusteredVertx.join(places.get(number), keys, info, new VertxOptions(), metrics.database());
    }

    /** The first members, when all of them know each other. */
    public List<ClusteredVertx> joinFirst(int count) {
        List<ClusteredVertx> members =
                IntStream.range(0, count).mapToObj(this::join).toList();
        members.forEach(member -> awaitCount(member, count));
        return members;
    }

    /** All of them, ready to talk. */
    public static TestCluster joined(int size) {
        TestCluster cluster = new TestCluster(size);
        try {
            cluster.joinFirst(size).forEach(member -> JobCodecs.register(member.vertx()));
            return cluster;
        } catch (RuntimeException | Error failure) {
            cluster.close();
            throw failure;
        }
    }

    public Vertx vertx(int number) {
        return joined.get(number).vertx();
    }

    /** As if all their processes had been killed: from now on nobody learns where consumers are. */
    public void killAll() {
        joined.reversed().forEach(this::kill);
    }

    public static void awaitCount(ClusteredVertx member, int count) {
        Await.until(count + " members", () -> member.members().all().size() == count);
    }

    /** As if its process had been killed. */
    public void kill(ClusteredVertx member) {
        member.hazelcast().getLifecycleService().terminate();
    }

    /** A message from one to another member arrives. */
    static void assertTheyTalk(ClusteredVertx from, ClusteredVertx to) {
        String address = "talk-" + System.nanoTime();
        Await.result(to.vertx()
                .eventBus()
                .<String>consumer(address, message -> message.reply("heard " + message.body()))
                .completion());
        String answer = Await.value(
                "an answer",
                Await.DEADLINE,
                () -> Await.<String>result(from.vertx()
                        .eventBus()
                        .<String>request(address, "hello")
                        .map(message -> message.body())),
                _ -> true);
        if (!answer.equals("heard hello")) {
            throw new AssertionError("another answer: " + answer);
        }
    }

    @Override
    public void close() {
        for (ClusteredVertx member : joined.reversed()) {
            // one that was killed fails to leave
            member.close()
                    .handle((_, _) -> true)
                    .toCompletableFuture()
                    .orTimeout(30, TimeUnit.SECONDS)
                    .join();
        }
    }
}
