package org.pushjobs.server.testing;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.pushjobs.server.PushJobsServer;

/** The server as a process of its own, with this test's class path; its log goes to a file. */
public final class ServerProcess implements AutoCloseable {
    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

    private final Process process;
    private final Path readyFile;
    private final Path log;

    /**
     * How a command ended.
     *
     * @param output of both channels
     */
    public record Outcome(int status, String output) {}

    private ServerProcess(Process process, Path readyFile, Path log) {
        this.process = process;
        this.readyFile = readyFile;
        this.log = log;
    }

    /** Starts it; its log is appended to {@code server.log} beside the configuration. */
    public static ServerProcess start(Path config) throws IOException {
        Path readyFile = config.resolveSibling("ready.json");
        Path log = config.resolveSibling("server.log");
        Files.deleteIfExists(readyFile);
        Process process = new ProcessBuilder(commandLine(config, "--ready-file", readyFile.toString()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        return new ServerProcess(process, readyFile, log);
    }

    /** Carries out another command of the server's program and waits for its end. */
    public static Outcome run(Path config, String... arguments) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(commandLine(config, arguments))
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome(process.waitFor(), output);
    }

    private static List<String> commandLine(Path config, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                PushJobsServer.class.getName(),
                "--config",
                config.toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** The ports, once everything works. */
    public JsonObject awaitReady() {
        return Await.value(
                "the server ready, its log is " + log, START_TIMEOUT, this::ports, ports -> !ports.isEmpty());
    }

    private JsonObject ports() throws IOException {
        if (!process.isAlive()) {
            throw new AssertionError("the server ended with " + process.exitValue() + ":\n" + log());
        }
        return Files.exists(readyFile) ? new JsonObject(Files.readString(readyFile)) : new JsonObject();
    }

    public String log() throws IOException {
        return Files.readString(log);
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** SIGHUP. */
    public void hangUp() throws IOException, InterruptedException {
        send("HUP");
    }

    /** SIGSTOP: it stands still until it is {@linkplain #thaw thawed}. */
    public void freeze() throws IOException, InterruptedException {
        send("STOP");
    }

    /** SIGCONT. */
    public void thaw() throws IOException, InterruptedException {
        send("CONT");
    }

    private void send(String signal) throws IOException, InterruptedException {
        int status = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                .start()
                .waitFor();
        if (status != 0) {
            throw new AssertionError("the server could not be sent " + signal + ": " + status);
        }
    }

    /** SIGKILL. */
    public void kill() {
        process.destroyForcibly().onExit().join();
    }

    /**
     * SIGTERM.
     *
     * @return the exit code; fails after the time
     */
    public int terminate(Duration atMost) throws InterruptedException {
        process.destroy();
        if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("the server did not stop within " + atMost);
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        kill();
    }
}
