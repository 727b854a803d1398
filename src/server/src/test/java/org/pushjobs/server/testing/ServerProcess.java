package org.pushjobs.server.testing;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
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
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                PushJobsServer.class.getName(),
                "--config",
                config.toString(),
                "--ready-file",
                readyFile.toString()));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        return new ServerProcess(process, readyFile, log);
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
