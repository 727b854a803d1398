package org.pushjobs.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.agent.fake.FakeServer;
import org.pushjobs.agent.fake.SecretFile;
import org.pushjobs.agent.fake.Until;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.protocol.message.AgentMessage.AckCommit;
import org.pushjobs.protocol.message.AgentMessage.AckRun;
import org.pushjobs.protocol.message.AgentMessage.Heartbeat;
import org.pushjobs.protocol.message.AgentMessage.NackCommit;
import org.pushjobs.protocol.message.AgentMessage.Succeeded;
import org.pushjobs.protocol.message.JobSpec;
import org.pushjobs.protocol.message.ServerMessage;

/** The program as a process that is short of something for a while: it goes on, and is as it was when that is over. */
class ShortageIT {
    private static final KeyPair CLIENT_KEYS = PemKeys.generate();

    @TempDir
    private Path directory;

    private final FakeServer server = new FakeServer((RSAPublicKey) CLIENT_KEYS.getPublic());
    private Optional<Process> program = Optional.empty();

    /** At the usual 0.2 s a busy machine alone makes the server seem away, and what it has just sent is lost with the socket. */
    @BeforeEach
    void takeTime() {
        server.interval(1);
    }

    @AfterEach
    void stop() {
        program.ifPresent(Process::destroyForcibly);
        server.close();
    }

    private Process start(String... options) throws Exception {
        return startIn(directory.resolve("files"), options);
    }

    private Process startIn(Path files, String... options) throws Exception {
        Path key = SecretFile.write(
                directory.resolve("client.pem"), PemKeys.toPem((RSAPrivateKey) CLIENT_KEYS.getPrivate()));
        Path config = Files.writeString(
                directory.resolve("client.json"),
                "{\"chef_server_url\": \"" + server.url() + "\", \"node_name\": \"" + FakeServer.NODE
                        + "\", \"client_key\": \"" + key + "\", \"file_dir\": \"" + files
                        + "\", \"whitelist\": {\"hello\": \"echo hello\", \"long\": \"head -c 20000 /dev/zero | tr '\\\\0'"
                        + " x\"}}");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classPath(),
                PushJobsClient.class.getName(),
                "-c",
                config.toString()));
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output().toFile())
                .start();
        program = Optional.of(process);
        server.await(Heartbeat.class);
        return process;
    }

    /** Of archives only, as the program has it when it is installed: those stay open. */
    private String classPath() throws IOException {
        List<String> entries = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(":")) {
            entries.add(Files.isDirectory(Path.of(entry)) ? archive(Path.of(entry), entries.size()) : entry);
        }
        return entries.stream().collect(Collectors.joining(":"));
    }

    private String archive(Path classes, int number) throws IOException {
        Path archive = directory.resolve(number + ".jar");
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(archive));
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                jar.putNextEntry(new JarEntry(classes.relativize(file).toString()));
                Files.copy(file, jar);
            }
        }
        return archive.toString();
    }

    private Path output() {
        return directory.resolve("output");
    }

    private void awaitLine(String text) {
        Until.isTrue("line with " + text, () -> {
            try {
                return Files.readString(output(), StandardCharsets.UTF_8).contains(text);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static void limit(Process process, String limit) throws Exception {
        Process prlimit = new ProcessBuilder("prlimit", "--pid", "" + process.pid(), limit).start();
        assertThat(prlimit.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(prlimit.exitValue()).isZero();
    }

    private static int count(Process process, String what) {
        return Optional.ofNullable(
                        Path.of("/proc/" + process.pid() + "/" + what).toFile().list())
                .map(names -> names.length)
                .orElse(0);
    }

    private String run(String id, String command) {
        server.send(new ServerMessage.Commit(
                id,
                "fake",
                new JobSpec(command, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), true)));
        server.await(AckCommit.class, message -> message.jobId().equals(Optional.of(id)));
        server.send(new ServerMessage.Run(id));
        server.await(AckRun.class, message -> message.jobId().equals(Optional.of(id)));
        return server.await(Succeeded.class, message -> message.jobId().equals(Optional.of(id)))
                .output()
                .orElseThrow()
                .stdout();
    }

    @Test
    void agentWithoutFileDescriptorsWaitsForThem() throws Exception {
        // given: an agent that has done everything once
        server.start();
        Process process = start();
        assertThat(run("1", "hello")).isEqualTo("hello\n");
        int descriptors = count(process, "fd");
        int threads = count(process, "task");

        // when: it gets no descriptor any more, and its server goes away and comes back
        limit(process, "--nofile=10:");
        server.stop();
        awaitLine("oo many open files");
        server.received().clear();
        server.start();

        // then: it is there, and cannot do anything
        assertThat(Until.within(Duration.ofSeconds(5), () -> !server.received().isEmpty()))
                .isFalse();
        assertThat(process.isAlive()).isTrue();

        // and when: there are descriptors again
        limit(process, "--nofile=1024:");

        // then
        server.await(Heartbeat.class);
        assertThat(run("2", "hello")).isEqualTo("hello\n");
        Until.isTrue("as many descriptors as before", () -> count(process, "fd") <= descriptors + 8);
        Until.isTrue("as many threads as before", () -> count(process, "task") <= threads + 8);
    }

    /** What is needed for the first time while there is no descriptor must not be lost for good. */
    @Test
    void agentThatHasHardlyBegunWhenThereAreNoDescriptorsHealsAsWell() throws Exception {
        // given: an agent that has run nothing yet, and gets no descriptor any more
        server.start();
        Process process = start();
        limit(process, "--nofile=10:");
        commit("1", "hello", Optional.of("raw:text"));
        server.await(NackCommit.class, message -> message.jobId().equals(Optional.of("1")));
        server.stop();
        awaitLine("oo many open files");
        server.received().clear();
        server.start();

        // when
        limit(process, "--nofile=1024:");

        // then
        server.await(Heartbeat.class);
        assertThat(run("2", "hello")).isEqualTo("hello\n");
        commit("3", "hello", Optional.of("raw:text"));
        server.await(AckCommit.class, message -> message.jobId().equals(Optional.of("3")));
    }

    @Test
    void outputThatFindsNoRoomIsToldInItsText() throws Exception {
        // given: files can have 4 KiB
        server.start();
        Process process = start();
        limit(process, "--fsize=4096:");

        // when
        String output = run("1", "long");

        // then: what was kept, and how much was not
        assertThat(output)
                .isEqualTo("x".repeat(4_096)
                        + "\n[push jobs: output cut off here, 15904 more bytes were written; the node had no room to"
                        + " keep them]\n");
        limit(process, "--fsize=unlimited:");
        server.received().clear();
        assertThat(run("2", "long")).isEqualTo("x".repeat(20_000));
    }

    private static boolean ran(String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return process.waitFor() == 0;
    }

    private void commit(String id, String command, Optional<String> file) {
        server.send(new ServerMessage.Commit(
                id, "fake", new JobSpec(command, Optional.empty(), Optional.empty(), Optional.empty(), file, true)));
    }

    @Test
    void fullDiskEndsNothingAndIsForgottenOnceThereIsRoom() throws Exception {
        Path disk = Files.createDirectory(directory.resolve("disk"));
        assumeTrue(ran("mount", "-t", "tmpfs", "-o", "size=512k,mode=755", "tmpfs", disk.toString()), "cannot mount");
        try {
            // given: an agent whose files and log are on a disk that is full
            server.start();
            Process process = startIn(disk.resolve("files"), "-L", disk + "/client.log");
            assertThat(run("1", "long")).isEqualTo("x".repeat(20_000));
            assertThat(ran("sh", "-c", "cat /dev/zero > '" + disk + "/filler'")).isFalse();

            // when
            String output = run("2", "long");
            commit("3", "hello", Optional.of("raw:" + "y".repeat(10_000)));

            // then: it runs what it can, and refuses what it cannot
            assertThat(output)
                    .endsWith(" more bytes were written; the node had no room to keep them]\n")
                    .hasSizeLessThan(20_000);
            server.await(NackCommit.class, message -> message.jobId().equals(Optional.of("3")));
            assertThat(run("4", "hello")).contains("the node had no room to keep them");
            assertThat(process.isAlive()).isTrue();

            // and when: there is room again
            Files.delete(disk.resolve("filler"));

            // then: at once
            assertThat(run("5", "long")).isEqualTo("x".repeat(20_000));
            commit("6", "hello", Optional.of("raw:" + "y".repeat(10_000)));
            server.await(AckCommit.class, message -> message.jobId().equals(Optional.of("6")));
            Until.isTrue("log goes on", () -> {
                try {
                    return Files.readString(disk.resolve("client.log")).contains("committed to a job [job: 6]");
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } finally {
            program.ifPresent(process -> process.destroyForcibly().onExit().join());
            assertThat(ran("umount", disk.toString())).isTrue();
        }
    }

    @Test
    void logForWhichThereIsNoRoomKeepsTheAgentFromNothing() throws Exception {
        server.start();
        start("-L", "/dev/full", "-l", "debug");

        assertThat(run("1", "hello")).isEqualTo("hello\n");
    }
}
