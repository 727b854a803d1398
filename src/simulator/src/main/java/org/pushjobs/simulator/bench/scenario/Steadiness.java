package org.pushjobs.simulator.bench.scenario;

import java.io.IOException;
import java.time.Duration;
import org.pushjobs.simulator.bench.bed.ServerUnderTest;

/**
 * How many nodes stayed available while it was watched, by the server's own metrics.
 *
 * @param leastAvailable at any look
 * @param heartbeatsPerSecond that the server took
 */
record Steadiness(int leastAvailable, double heartbeatsPerSecond) {
    private static final Duration LOOK = Duration.ofMillis(500);

    static Steadiness watch(ServerUnderTest server, Duration time) throws IOException, InterruptedException {
        long before = server.metrics().heartbeatsReceived();
        long start = System.nanoTime();
        int least = Integer.MAX_VALUE;
        while (System.nanoTime() - start < time.toNanos()) {
            Thread.sleep(LOOK);
            least = Math.min(least, server.metrics().availableNodes());
        }
        long heartbeats = server.metrics().heartbeatsReceived() - before;
        return new Steadiness(least, heartbeats / ((System.nanoTime() - start) / 1e9));
    }
}
