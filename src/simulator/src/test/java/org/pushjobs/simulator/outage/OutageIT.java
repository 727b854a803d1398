package org.pushjobs.simulator.outage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushjobs.simulator.JavaPrograms;
import org.pushjobs.simulator.bench.Scale;
import org.pushjobs.simulator.bench.bed.Bed;
import org.pushjobs.simulator.bench.bed.ServerUnderTest;

/**
 * The server is killed while commands run, and comes back before they end: every job succeeds, whatever agents run it, and no
 * agent fetches its configuration twice. An outage lasts at least as long as the server takes to start.
 */
class OutageIT {
    private static final int SECOND = 1_000;
    /** Longer than the server gives nodes of resumed jobs to come back: after that it has to know better than by silence. */
    private static final int HEARTBEATS_AFTER = 14;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(ints = {2, 6, 12})
    void jobsOutliveAnOutage(int seconds) throws Exception {
        check(SECOND, Duration.ofSeconds(seconds));
    }

    @Test
    @Tag("load")
    void jobsOutliveAnOutageOfAMinute() throws Exception {
        check(SECOND, Duration.ofMinutes(1));
    }

    @Test
    @Tag("load")
    void jobsOutliveAnOutageOfAMinuteWithHeartbeatsEachTenSeconds() throws Exception {
        check(10 * SECOND, Duration.ofMinutes(1));
    }

    private void check(int intervalMillis, Duration outage) throws Exception {
        try (Bed bed =
                Bed.make(JavaPrograms.get(), Scale.TINY, Files.createDirectory(directory.resolve("bed")), Crew.NODES)) {
            long starting = System.nanoTime();
            try (ServerUnderTest server = bed.startServer(intervalMillis)) {
                Duration toStart = Duration.ofNanos(System.nanoTime() - starting);
                try (Crew crew = new Crew(bed, server, 1)) {
                    check(server, crew, outage.minus(toStart));
                }
            }
        }
    }

    private static void check(ServerUnderTest server, Crew crew, Duration dead) throws Exception {
        // given
        crew.awaitAvailable();
        crew.startJobs();
        Map<String, String> fetched = crew.fetchTimesOfOurs();

        // when
        long killed = System.nanoTime();
        server.kill();
        if (dead.isPositive()) {
            Thread.sleep(dead);
        }
        server.restart();
        String outage =
                "outage of " + Duration.ofNanos(System.nanoTime() - killed).toMillis() + " ms";
        crew.awaitHeartbeats(HEARTBEATS_AFTER);

        // then
        assertThat(crew.failures())
                .as(outage + ", while the commands run\n" + crew)
                .isEmpty();
        crew.finishJobs();
        assertThat(crew.failures()).as(outage + "\n" + crew).isEmpty();
        crew.awaitAvailable();
        assertThat(crew.mostFetches("healing")).as("at the start").isEqualTo(1);
        assertThat(crew.mostFetches("deaf"))
                .as("at the start, and when the job has ended")
                .isLessThanOrEqualTo(2);
        assertThat(crew.fetchTimesOfOurs()).isEqualTo(fetched).hasSize(Crew.REAL);
    }
}
