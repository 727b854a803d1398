package org.pushjobs.zmtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushjobs.zmtp.nacl.JavaNacl;
import org.pushjobs.zmtp.wire.SocketType;

/** What the kernel is told about connections whose peer may vanish without a word, on both transports. */
class VanishedPeerIT {
    /** Where Java's dual-stack sockets are, also those of IPv4, and where the others are. */
    private static final List<Path> CONNECTIONS = List.of(Path.of("/proc/net/tcp6"), Path.of("/proc/net/tcp"));

    private static final String ESTABLISHED = "01";
    private static final String KEEPALIVE_TIMER = "02";
    private static final int TICKS_PER_SECOND = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(10);

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void connectionIsProbedAfterFifteenSecondsOfSilence(boolean nativeTransport) throws Exception {
        Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(nativeTransport));
        try {
            // given
            assertThat(vertx.isNativeTransportEnabled()).isEqualTo(nativeTransport);
            ZmtpServer<String> server = new ZmtpServer<>(
                    vertx,
                    ZmtpServerOptions.of(SocketType.ROUTER, Bench.HOST, 0, new Security.Plain(), new JavaNacl()),
                    new ConnectionQuota(10, 10),
                    Authoriser.everyone("peer"),
                    Recorder.silent(),
                    ZmtpStatistics.NONE);
            Bench.await(server.listen());
            ZmtpClient client = new ZmtpClient(vertx, new JavaNacl(), Limits.DEFAULT, Optional.empty());

            // when
            Bench.await(client.connect(
                    ZmtpTarget.dealer(Bench.HOST, server.actualPort(), new Security.Plain()),
                    "mine",
                    Recorder.silent()));

            // then
            assertThat(secondsToProbe(server.actualPort())).isBetween(1, 15);
        } finally {
            Bench.await(vertx.close());
        }
    }

    /** Once all that was sent is acknowledged, and the connection waits for nothing but the probe. */
    private static int secondsToProbe(int port) throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        String[] timer = timer(port);
        while (!timer[0].equals(KEEPALIVE_TIMER) && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(PAUSE.toNanos());
            timer = timer(port);
        }
        assertThat(timer[0]).as("which timer runs").isEqualTo(KEEPALIVE_TIMER);
        return Integer.parseInt(timer[1], 16) / TICKS_PER_SECOND;
    }

    /** What the kernel has for the established connection that was accepted at this port: which timer, and its ticks. */
    private static String[] timer(int port) throws IOException {
        String local = String.format("0100007F:%04X", port);
        List<String[]> found = new ArrayList<>();
        for (Path connections : CONNECTIONS) {
            Files.readAllLines(connections).stream()
                    .map(line -> line.strip().split("\\s+"))
                    .filter(columns -> columns[1].endsWith(local) && columns[3].equals(ESTABLISHED))
                    .forEach(found::add);
        }
        assertThat(found).hasSize(1);
        return found.getFirst()[5].split(":");
    }
}
