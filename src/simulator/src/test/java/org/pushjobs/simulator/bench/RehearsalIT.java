package org.pushjobs.simulator.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.server.PushJobsServer;
import org.pushjobs.simulator.JavaPrograms;
import org.pushjobs.simulator.bench.bed.Programs;

/** Decision 22: whether the server makes a cache that it can start from. */
class RehearsalIT {
    @TempDir
    Path directory;

    @Test
    void serverStartsFromTheCacheThatItMade() throws Exception {
        // given
        Path server = Path.of(PushJobsServer.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        assumeTrue(server.toString().endsWith(".jar"), "the server is not packaged, a cache needs jars: " + server);
        Programs programs = JavaPrograms.withPackagedServer();
        Path cache = directory.resolve("start.aot");

        // when
        Rehearsal.make(programs, 20, cache);

        // then: with "on" the JVM ends where the cache does not fit
        List<String> command = new ArrayList<>(programs.server());
        command.addAll(1, List.of("-XX:AOTMode=on", "-XX:AOTCache=" + cache));
        command.add("--help");
        Path log = directory.resolve("log");
        Process started = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertThat(started.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(log).content().contains("--config");
        assertThat(started.exitValue()).isZero();
    }
}
