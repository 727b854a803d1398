package org.pushjobs.simulator.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.pushjobs.simulator.bench.bed.Bed;
import org.pushjobs.simulator.bench.bed.BenchException;
import org.pushjobs.simulator.bench.bed.JobRunner;
import org.pushjobs.simulator.bench.bed.LineProcess;
import org.pushjobs.simulator.bench.bed.Programs;
import org.pushjobs.simulator.bench.bed.ServerUnderTest;
import org.pushjobs.simulator.fleet.FleetSettings.Subscription;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Runs the server with a small fleet that does all that fleets do, and keeps what the JVM has learnt of it in a cache (AOT):
 * loaded classes and the profiles of the methods that count. Started by {@code bin/rehearse}.
 */
@Command(name = "rehearse")
public final class Rehearsal implements Callable<Integer> {
    private static final int INTERVAL_MILLIS = 1_000;
    private static final int NODES = 1_000;
    private static final int JOBS = 100;
    private static final int JOB_NODES = 20;
    private static final Duration HEARTBEATS = Duration.ofSeconds(5);
    /** The JVM puts the cache together when it ends. */
    private static final Duration TO_STOP = Duration.ofMinutes(3);

    @Option(names = "--checkout", required = true)
    private Path checkout;

    @Option(
            names = "--server",
            paramLabel = "PROGRAM",
            description = "The server that rehearses, if it is not that of the checkout but an installed one.")
    private Optional<Path> server = Optional.empty();

    @Option(names = "--cache", required = true)
    private Path cache;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Rehearsal()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Programs programs = Programs.of(checkout);
        make(server.map(programs::withServer).orElse(programs), NODES, cache);
        return 0;
    }

    static void make(Programs programs, int nodes, Path cache) throws IOException, InterruptedException {
        FileTime begun = FileTime.from(Instant.now());
        Path directory = Files.createTempDirectory("pushjobs-rehearsal");
        Path made = cache.resolveSibling(cache.getFileName() + ".new");
        Files.deleteIfExists(made);
        try (Bed bed = Bed.make(programs, Scale.FULL, directory, nodes)) {
            rehearse(bed, nodes, made);
        } finally {
            Directories.delete(directory);
        }
        if (!Files.exists(made)) {
            throw new BenchException("the JVM has not made its cache");
        }
        // It must not be newer than what is built meanwhile.
        Files.setLastModifiedTime(made, begun);
        Files.move(made, cache, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void rehearse(Bed bed, int nodes, Path made) throws IOException, InterruptedException {
        try (ServerUnderTest server = bed.startRecordedServer(INTERVAL_MILLIS, made)) {
            try (LineProcess simulator = bed.startSimulator(server, nodes, Subscription.SHARED)) {
                bed.awaitAvailable(server, simulator, nodes);
                JobRunner runner = new JobRunner(bed.api(server), JobRunner.Looks.EXACT);
                for (int i = 0; i < JOBS; i++) {
                    runJob(runner, bed.nodes(1, i % Math.min(JOB_NODES, nodes) + 1));
                }
                runJob(runner, bed.nodes(1, nodes));
                Thread.sleep(HEARTBEATS);
            }
            if (!server.stop(TO_STOP)) {
                throw new BenchException("the JVM has not made its cache in " + TO_STOP);
            }
        }
    }

    private static void runJob(JobRunner runner, List<String> nodes) throws IOException, InterruptedException {
        JobRunner.check(runner.run("succeed", nodes), nodes.size());
    }
}
