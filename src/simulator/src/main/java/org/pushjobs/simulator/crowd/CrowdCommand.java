package org.pushjobs.simulator.crowd;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.pushjobs.simulator.FileLimit;
import org.pushjobs.simulator.wire.EventLoops;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code crowd}: connections to the command port that are no agents of the server's. */
@Command(
        name = "crowd",
        description = {
            "Connections to the command port of a server that do not what they should, opened again whenever they are closed.",
            "Ends with its standard input."
        },
        mixinStandardHelpOptions = true)
public final class CrowdCommand implements Callable<Integer> {
    private static final long REPORT_MILLIS = 500;

    @Option(
            names = "--command-port",
            paramLabel = "tcp://HOST:PORT",
            required = true,
            description = "The command port.")
    private URI commandPort;

    @Option(names = "--server-key", paramLabel = "Z85", required = true, description = "The server's CURVE key.")
    private String serverKey;

    @Option(names = "--silent", paramLabel = "N", description = "Connections that never speak.")
    private int silent;

    @Option(names = "--garbage", paramLabel = "N", description = "Connections that send random bytes.")
    private int garbage;

    @Option(names = "--strangers", paramLabel = "N", description = "Agents whose key the server does not know.")
    private int strangers;

    @Option(
            names = "--addresses",
            paramLabel = "N",
            description =
                    "Silent and garbage connections come from so many addresses of the loopback network; ${DEFAULT-VALUE}.")
    private int addresses = 20;

    @Override
    public Integer call() throws InterruptedException, IOException {
        FileLimit.check((long) silent + garbage + strangers, "these connections");
        Vertx vertx = EventLoops.vertx(1);
        Crowd crowd = new Crowd(vertx, commandPort, serverKey, addresses);
        CountDownLatch over = new CountDownLatch(1);
        Thread.ofPlatform().daemon().name("console").start(() -> {
            try {
                while (System.in.read() >= 0) {
                    // nothing that is said matters
                }
            } catch (IOException e) {
                System.err.println("the standard input cannot be read: " + e.getMessage());
            }
            over.countDown();
        });
        try (var timer = Executors.newSingleThreadScheduledExecutor()) {
            timer.scheduleAtFixedRate(
                    () -> System.out.println(crowd.report()), REPORT_MILLIS, REPORT_MILLIS, TimeUnit.MILLISECONDS);
            crowd.gather(silent, garbage, strangers);
            over.await();
            timer.shutdownNow();
        }
        vertx.close().await();
        return 0;
    }
}
