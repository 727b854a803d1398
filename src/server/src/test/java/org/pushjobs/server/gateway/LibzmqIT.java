package org.pushjobs.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.protocol.config.ConfigDocument;
import org.pushjobs.protocol.keys.SessionKeys;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.PostgresExtension;
import org.pushjobs.server.testing.RawAgent;
import org.pushjobs.server.testing.RunningServer;
import org.zeromq.ZMQ;

/**
 * Agents are built on libzmq: a real libzmq client (Debian's python3-zmq, which this test installs where it may) connects,
 * is heard and answered, and is refused with a key that the server does not know.
 */
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LibzmqIT {
    private static final Path PYTHON = Path.of("/usr/bin/python3");
    private static final Path APT_GET = Path.of("/usr/bin/apt-get");
    private static final Duration INSTALL_TIMEOUT = Duration.ofMinutes(3);
    private static final String NODE = "node-1";

    private RunningServer server;
    private Path script;
    private Path output;

    @BeforeAll
    void start(DatabaseConfig.External database, @TempDir Path directory) throws Exception {
        requireLibzmq(directory);
        script = directory.resolve("agent.py");
        output = directory.resolve("agent.out");
        try (InputStream source = LibzmqIT.class.getResourceAsStream("/libzmq/agent.py")) {
            Files.copy(source, script);
        }
        server = RunningServer.start(directory, database, 1);
    }

    @AfterAll
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    private static void requireLibzmq(Path directory) throws Exception {
        if (hasLibzmq()) {
            return;
        }
        boolean mayInstall = Files.isExecutable(APT_GET) && "root".equals(System.getProperty("user.name"));
        Assumptions.assumeTrue(
                mayInstall, "python3-zmq is missing and cannot be installed here (no apt-get, or not root)");
        Path log = directory.resolve("apt.log");
        run(INSTALL_TIMEOUT, log, List.of(APT_GET.toString(), "-q", "update"));
        run(
                INSTALL_TIMEOUT,
                log,
                List.of(APT_GET.toString(), "-q", "-y", "--no-install-recommends", "install", "python3-zmq"));
        Assumptions.assumeTrue(hasLibzmq(), () -> "python3-zmq could not be installed: " + read(log));
    }

    private static boolean hasLibzmq() throws Exception {
        return Files.isExecutable(PYTHON)
                && run(
                                Await.DEADLINE,
                                Path.of("/dev/null"),
                                List.of(PYTHON.toString(), "-c", "import zmq; assert zmq.has('curve')"))
                        == 0;
    }

    private static int run(Duration atMost, Path log, List<String> command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(Map.of("DEBIAN_FRONTEND", "noninteractive"));
        Process process = builder.start();
        if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
            process.destroyForcibly();
            return -1;
        }
        return process.exitValue();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Test
    void libzmqAgentWithKnownKeyIsHeardAndAnsweredAndRunsAJob() throws Exception {
        // given
        ZMQ.Curve.KeyPair keys = ZMQ.Curve.generateKeyPair();
        ConfigDocument config = RawAgent.fetchConfig(server.client(NODE), NODE, keys.publicKey);

        // when
        Process agent = startAgent(config, keys, 30);
        try {
            server.admin().awaitAvailable(1, Await.DEADLINE);
            String job = server.admin()
                    .startJob(new JsonObject()
                            .put("command", "anything")
                            .put("nodes", List.of(NODE))
                            .put("capture_output", true));
            JsonObject ended = server.admin().awaitEnd(job, Await.DEADLINE);

            // then
            assertThat(ended.getString("status")).isEqualTo("complete");
            assertThat(ended.getJsonObject("nodes").encode()).isEqualTo("{\"succeeded\":[\"node-1\"]}");
            assertThat(server.admin()
                            .get("jobs/" + job + "/output/node-1/stdout")
                            .body())
                    .isEqualTo("from libzmq\n".getBytes(StandardCharsets.UTF_8));
        } finally {
            agent.destroyForcibly().waitFor();
        }
        assertThat(received()).startsWith("ack", "abort").contains("commit", "run");
        assertThat(Files.readString(output)).doesNotContain("\"authentic\": false");
    }

    @Test
    void libzmqAgentWithUnknownKeyIsRefused() throws Exception {
        // given: a configuration fetched with one key, a connection with another
        ZMQ.Curve.KeyPair known = ZMQ.Curve.generateKeyPair();
        ConfigDocument config = RawAgent.fetchConfig(server.client(NODE), NODE, known.publicKey);

        // when
        Process agent = startAgent(config, ZMQ.Curve.generateKeyPair(), 4);

        // then
        assertThat(agent.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(agent.exitValue()).isZero();
        assertThat(received()).isEmpty();
    }

    private Process startAgent(ConfigDocument config, ZMQ.Curve.KeyPair keys, int seconds) throws IOException {
        byte[] sessionKey = SessionKeys.unwrap(
                        config.sessionKey(), server.organisation().key())
                .orElseThrow()
                .bytes();
        return new ProcessBuilder(
                        PYTHON.toString(),
                        script.toString(),
                        config.commandAddress(),
                        config.curvePublicKey().orElseThrow(),
                        keys.publicKey,
                        keys.secretKey,
                        Base64.getEncoder().encodeToString(sessionKey),
                        config.organization(),
                        NODE,
                        Integer.toString(seconds))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }

    private List<String> received() throws IOException {
        return Files.readAllLines(output).stream()
                .map(JsonObject::new)
                .filter(line -> line.containsKey("received"))
                .map(line -> line.getString("received"))
                .toList();
    }
}
