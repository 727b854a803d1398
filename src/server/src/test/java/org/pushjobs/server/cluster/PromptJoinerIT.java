package org.pushjobs.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.pushjobs.config.ClusterConfig;
import org.pushjobs.config.MemberAddress;
import org.pushjobs.server.metrics.ServerMetrics;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.FreePort;

/** How long a member waits for the others when it starts. */
class PromptJoinerIT {
    /** The machine may be busy during some. */
    private static final int ATTEMPTS = 20;

    /** Hazelcast's own joiner would look for the first time after 1 s. */
    private static final Duration REFUSED = Duration.ofMillis(950);

    /** It would wait for 2 s at least. */
    private static final Duration SILENT = Duration.ofMillis(1_950);

    private final List<SocketChannel> waiting = new ArrayList<>();

    private static void assertJoins(MemberAddress other, Duration atMost) {
        List<Duration> times = new ArrayList<>();
        do {
            times.add(join(other));
        } while (times.getLast().compareTo(atMost) > 0 && times.size() < ATTEMPTS);
        assertThat(times.getLast()).as("%s", times).isLessThanOrEqualTo(atMost);
    }

    private static Duration join(MemberAddress other) {
        MemberAddress self = new MemberAddress("127.0.0.1", FreePort.pick());
        ClusterConfig place = new ClusterConfig(List.of(self, other), self.host(), self.port(), FreePort.pick(), false);
        ServerMetrics metrics = new ServerMetrics(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
        long start = System.nanoTime();
        ClusteredVertx member = Await.result(ClusteredVertx.join(
                place, TestCluster.KEYS, TestCluster.info(0), new VertxOptions(), metrics.database()));
        Duration time = Duration.ofNanos(System.nanoTime() - start);
        member.close().toCompletableFuture().join();
        return time;
    }

    @Test
    void whoRefusesIsNotWaitedFor() {
        assertJoins(new MemberAddress("127.0.0.2", FreePort.pick()), REFUSED);
    }

    @Test
    void whoSaysNothingIsWaitedForAMoment() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.2"))) {
            fill(silent);
            try {
                assertJoins(new MemberAddress("127.0.0.2", silent.getLocalPort()), SILENT);
            } finally {
                for (SocketChannel channel : waiting) {
                    channel.close();
                }
            }
        }
    }

    /** As many as wait to be accepted; from then on the system drops what comes, as if the machine were dead. */
    private void fill(ServerSocket server) throws IOException {
        try {
            while (true) {
                SocketChannel channel = SocketChannel.open();
                waiting.add(channel);
                channel.socket().connect(new InetSocketAddress("127.0.0.2", server.getLocalPort()), 300);
            }
        } catch (SocketTimeoutException _) {
            // full
        }
    }
}
