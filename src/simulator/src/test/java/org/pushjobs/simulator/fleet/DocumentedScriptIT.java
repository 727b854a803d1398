package org.pushjobs.simulator.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.simulator.JavaPrograms;
import org.pushjobs.simulator.bench.Scale;
import org.pushjobs.simulator.bench.bed.Bed;
import org.pushjobs.simulator.bench.bed.ServerUnderTest;
import org.pushjobs.simulator.bench.bed.Waiting;
import org.pushjobs.simulator.diary.Diary;
import org.pushjobs.simulator.fleet.FleetSettings.Kind;
import org.pushjobs.simulator.fleet.FleetSettings.Protocol;
import org.pushjobs.simulator.fleet.FleetSettings.Subscription;
import org.pushjobs.simulator.script.Cast;
import org.pushjobs.workstation.PushJobs;

/** The script of docs/workstation.md, "Run it again", with 200 nodes of which one in twenty fails. */
class DocumentedScriptIT {
    private static final int NODES = 200;
    private static final int ONE_IN = 20;
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Path DOCUMENT = Path.of("../../docs/workstation.md");
    private static final Pattern SCRIPT = Pattern.compile("(?s)\n```sh\n(#!.*?)```\n");

    @TempDir
    static Path directory;

    private static Bed bed;
    private static ServerUnderTest server;
    private static Fleet fleet;

    @BeforeAll
    static void start() throws Exception {
        bed = Bed.make(JavaPrograms.get(), Scale.TINY, directory, NODES);
        server = bed.startServer(Map.of("heartbeat_interval", 1_000));
        fleet = new Fleet(
                new FleetSettings(
                        URI.create(server.url() + "/organizations/" + Bed.ORG),
                        PemKeys.privateKey(Files.readString(directory.resolve("nodes.pem"))),
                        NODES,
                        new NodeNames(NodeNames.DEFAULT_PREFIX, 1),
                        Kind.HEALING,
                        Protocol.PLAIN,
                        Subscription.SHARED,
                        Cast.parse(List.of("fail=" + 1.0 / ONE_IN)),
                        0,
                        Duration.ofMillis(200),
                        4,
                        2),
                Clock.systemUTC(),
                Diary.NONE);
        fleet.start();
        Waiting.value("all agents available", PATIENCE, fleet::state, state -> state.available() == NODES);
        server.awaitAvailable(NODES, PATIENCE);
        Files.createDirectories(directory.resolve(".chef"));
        Files.writeString(directory.resolve(".chef/credentials"), """
                [default]
                client_name = "admin"
                client_key = "../admin.pem"
                chef_server_url = "%s/organizations/%s"
                """.formatted(server.url(), Bed.ORG));
        executable(
                "pushjobs",
                "#!/bin/sh\nexec '" + Path.of(System.getProperty("java.home"), "bin", "java")
                        + "' -XX:TieredStopAtLevel=1 -cp '" + System.getProperty("java.class.path") + "' "
                        + PushJobs.class.getName() + " \"$@\"\n");
        Matcher script = SCRIPT.matcher(Files.readString(DOCUMENT));
        assertThat(script.find()).isTrue();
        executable("run-and-repair", script.group(1));
    }

    @AfterAll
    static void stop() throws Exception {
        fleet.close();
        server.close();
        bed.close();
    }

    private static void executable(String name, String content) throws IOException {
        Path file = Files.createDirectories(directory.resolve("bin")).resolve(name);
        Files.writeString(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private record Result(int status, String output) {}

    private static Result run(String command, String repair) throws Exception {
        Path output = directory.resolve("output");
        ProcessBuilder builder = new ProcessBuilder(
                        directory.resolve("bin/run-and-repair").toString(), command, repair)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        Map<String, String> environment = builder.environment();
        environment.put("HOME", directory.toString());
        environment.put("PATH", directory.resolve("bin") + ":" + environment.get("PATH"));
        Process process = builder.start();
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            throw new AssertionError("the script did not end: " + Files.readString(output));
        }
        return new Result(process.exitValue(), Files.readString(output));
    }

    @Test
    void commandFailsOnSomeOfTwoHundredNodesAndTheRepairRunsThere() throws Exception {
        // when
        Result result = run("converge", "succeed");

        // then
        List<String> failed = failedIn(result.output());
        assertThat(failed).hasSize(NODES / ONE_IN).allMatch(name -> name.startsWith(NodeNames.DEFAULT_PREFIX));
        assertThat(result.output()).endsWith("nodes:\n  succeeded: " + String.join(", ", failed) + "\n");
        assertThat(result.status()).isZero();
    }

    private static List<String> failedIn(String output) {
        String first = output.lines().findFirst().orElse("");
        assertThat(first).as(output).startsWith("failed on: ");
        return List.of(first.substring("failed on: ".length()).split(", "));
    }

    @Test
    void repairThatFailsIsToldByTheStatus() throws Exception {
        assertThat(run("converge", "fail").status()).isOne();
    }

    @Test
    void commandThatSucceedsNeedsNoRepair() throws Exception {
        assertThat(run("succeed", "fail")).isEqualTo(new Result(0, "succeeded everywhere\n"));
    }

    @Test
    void commandThatNobodyTakesRanNowhere() throws Exception {
        assertThat(run("nack", "succeed")).isEqualTo(new Result(3, "ran nowhere, see run.log\n"));
    }
}
