package org.pushjobs.apitest;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The agent of the package, as a process with settings of its own. */
final class AgentProcess implements AutoCloseable {
    /** Succeeds, and says what its file and variable were. */
    static final String SUCCEEDS = "pushjobs-api-test succeeds";

    static final String FAILS = "pushjobs-api-test fails";
    static final String HANGS = "pushjobs-api-test hangs";

    private static final String MAIN_CLASS = "org.pushjobs.agent.PushJobsClient";
    private static final long SECONDS_TO_STOP = 20;
    private static final int SHOWN_LINES = 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final Path log;

    private AgentProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    static AgentProcess start(TestSettings settings) throws IOException {
        Path directory = settings.directory();
        Path config = directory.resolve("agent.json");
        Path log = directory.resolve("agent.log");
        Files.write(config, JSON.writeValueAsBytes(configuration(settings)));
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN_CLASS));
        command.addAll(List.of("--config", config.toString()));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .start();
        return new AgentProcess(process, log);
    }

    private static ObjectNode configuration(TestSettings settings) throws IOException {
        ObjectNode config = JSON.createObjectNode();
        config.put("chef_server_url", settings.organisationUrl());
        config.put("node_name", settings.client());
        config.put("client_key", settings.clientKey().toString());
        config.put("file_dir", settings.directory().resolve("files").toString());
        if (settings.believesEverybody()) {
            config.put("ssl_verify_mode", "verify_none");
        } else if (settings.otherCertificates().isPresent()) {
            Path certificates = settings.directory().resolve("certificates.pem");
            Files.writeString(certificates, settings.otherCertificates().get());
            config.put("ssl_ca_file", certificates.toString());
        }
        config.putObject("whitelist")
                .put(
                        SUCCEEDS,
                        "sh -c 'echo \"$PUSHJOBS_API_TEST\"; test -z \"$CHEF_PUSH_JOB_FILE\" || cat"
                                + " \"$CHEF_PUSH_JOB_FILE\"'")
                .put(FAILS, "sh -c 'exit 3'")
                .put(HANGS, "sleep 300");
        return config;
    }

    /** Whether it runs. */
    boolean isAlive() {
        return process.isAlive();
    }

    /** What it logged last, for people. */
    String lastLines() {
        try (Stream<String> lines = Files.lines(log)) {
            List<String> all = lines.toList();
            return String.join("\n", all.subList(Math.max(0, all.size() - SHOWN_LINES), all.size()));
        } catch (IOException e) {
            return "(" + e + ")";
        }
    }

    /** Tells it to stop, and waits for that. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(SECONDS_TO_STOP, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
