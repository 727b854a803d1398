package org.pushjobs.simulator.bench.bed;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The server that is measured, a process of its own. It can be killed and started again with the same ports. */
public final class ServerUnderTest implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration START_TIMEOUT = Duration.ofSeconds(120);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(40);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);
    private static final int LOG_LINES_SHOWN = 15;

    private final List<String> command;
    private final Path secrets;
    private final Path readyFile;
    private final Path log;
    private final int apiPort;
    private final int managementPort;
    private final int commandPort;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(ANSWER_TIMEOUT).build();
    private Process process;
    private long pid;

    private ServerUnderTest(List<String> command, Path secrets, Path readyFile, Path log, List<Integer> ports) {
        this.command = command;
        this.secrets = secrets;
        this.readyFile = readyFile;
        this.log = log;
        this.apiPort = ports.get(0);
        this.managementPort = ports.get(1);
        this.commandPort = ports.get(2);
    }

    /**
     * Starts it and waits until it is ready. Its settings are the defaults but for what is said here.
     *
     * @param directory for its files; the secrets of all servers are kept there from one start to the next
     * @param name its files are called like that
     * @param settings besides addresses, ports and files: texts, numbers or lists of them
     */
    static ServerUnderTest start(
            Programs programs, Path directory, String name, String databaseUrl, Map<String, ?> settings)
            throws IOException, InterruptedException {
        List<Integer> ports = FreePorts.pick(4);
        Path secrets = directory.resolve("secrets.json");
        ObjectNode config = JSON.createObjectNode()
                .put("server_name_advertised", "127.0.0.1")
                .put("api_listen_address", "127.0.0.1")
                .put("zeromq_listen_address", "tcp://127.0.0.1")
                .put("api_port", ports.get(0))
                .put("management_port", ports.get(1))
                .put("command_port", ports.get(2))
                .put("server_heartbeat_port", ports.get(3))
                .put("database", databaseUrl)
                .put("secrets_file", secrets.toString());
        settings.forEach((setting, value) -> config.set(setting, JSON.valueToTree(value)));
        Path configFile = directory.resolve(name + ".json");
        Files.writeString(configFile, config.toPrettyString());
        Path readyFile = directory.resolve(name + ".ready.json");
        ServerUnderTest server = new ServerUnderTest(
                programs.server("--config", configFile.toString(), "--ready-file", readyFile.toString()),
                secrets,
                readyFile,
                directory.resolve(name + ".log"),
                ports);
        server.restart();
        return server;
    }

    /** Starts it, again after {@link #kill} or {@link #stop}, and waits until it is ready. */
    public void restart() throws IOException, InterruptedException {
        Files.deleteIfExists(readyFile);
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        Waiting.value("the server to be ready", START_TIMEOUT, this::isReady, ready -> ready);
        pid = JSON.readTree(readyFile.toFile()).path("pid").asLong();
    }

    private boolean isReady() throws IOException {
        if (!process.isAlive()) {
            List<String> lines = Files.readAllLines(log);
            throw new BenchException("the server ended with " + process.exitValue() + ":\n"
                    + String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_LINES_SHOWN), lines.size())));
        }
        return Files.exists(readyFile);
    }

    /** SIGKILL. */
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /** SIGTERM, and SIGKILL when it does not go. */
    public void stop() throws InterruptedException {
        stop(STOP_TIMEOUT);
    }

    /**
     * SIGTERM, and SIGKILL when it has not gone after this time.
     *
     * @return whether it went by itself
     */
    public boolean stop(Duration atMost) throws InterruptedException {
        process.destroy();
        boolean gone = process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS);
        if (!gone) {
            kill();
        }
        return gone;
    }

    public long pid() {
        return pid;
    }

    public ProcessStatistics statistics() {
        return new ProcessStatistics(pid);
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + apiPort);
    }

    public String commandAddress() {
        return "tcp://127.0.0.1:" + commandPort;
    }

    /** Its public CURVE key, Z85. */
    public String curveKey() throws IOException {
        return JSON.readTree(secrets.toFile()).path("curve_public_key").asText();
    }

    public Metrics metrics() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + managementPort + "/metrics"))
                .timeout(ANSWER_TIMEOUT)
                .build();
        return new Metrics(http.send(request, BodyHandlers.ofString()).body());
    }

    /** Waits until the server says that so many nodes are available. */
    public void awaitAvailable(int nodes, Duration atMost) throws InterruptedException {
        Waiting.value(nodes + " nodes to be available", atMost, this::metrics, now -> now.availableNodes() == nodes);
    }

    @Override
    public void close() {
        http.shutdownNow();
        try {
            stop();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
