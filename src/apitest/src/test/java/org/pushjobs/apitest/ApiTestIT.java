package org.pushjobs.apitest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.interfaces.RSAPrivateKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.protocol.keys.PemKeys;
import picocli.CommandLine;

/** The whole test against a server that works, and against one that does not. */
class ApiTestIT {
    private static final String SERVER = "org.pushjobs.server.PushJobsServer";
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path directory;

    private Path agent;

    @BeforeEach
    void makeDirectory() throws Exception {
        agent = Files.createDirectory(
                directory.resolve("agent"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    private record Ran(int status, String out, String err) {}

    private Ran test(int port, String... options) throws Exception {
        Path settings = directory.resolve("settings.json");
        JSON.writeValue(
                settings.toFile(),
                JSON.createObjectNode()
                        .put("url", "http://127.0.0.1:" + port)
                        .put("organisation", "acme")
                        .put("user", "tester")
                        .put("user_key", directory.resolve("user.pem").toString())
                        .put("client", "node-1")
                        .put("client_key", directory.resolve("client.pem").toString())
                        .put("directory", agent.toString()));
        List<String> words = new ArrayList<>(List.of("--settings", settings.toString()));
        words.addAll(List.of(options));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = new CommandLine(new ApiTest())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(words.toArray(String[]::new));
        return new Ran(status, out.toString(), err.toString());
    }

    private List<String> server(String... words) {
        List<String> command = JavaProgram.command(
                SERVER, "--config", directory.resolve("server.json").toString());
        command.addAll(List.of(words));
        return command;
    }

    private void directory(String... words) throws Exception {
        List<String> command = server("directory");
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("directory.log").toFile())
                .start();
        assertThat(process.waitFor()).as(() -> read("directory.log")).isZero();
    }

    private String read(String name) {
        try {
            return Files.readString(directory.resolve(name));
        } catch (java.io.IOException e) {
            return e.toString();
        }
    }

    private JsonNode ports(Process process) throws Exception {
        Path ready = directory.resolve("ready.json");
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (Files.notExists(ready)) {
            assertThat(process.isAlive() && System.nanoTime() < deadline)
                    .as(() -> read("server.log"))
                    .isTrue();
            process.waitFor(100, TimeUnit.MILLISECONDS);
        }
        return JSON.readTree(ready.toFile());
    }

    @Test
    void everythingPassesOnAServerThatWorks() throws Exception {
        JSON.writeValue(
                directory.resolve("server.json").toFile(),
                JSON.createObjectNode()
                        .put("database", "embedded")
                        .put("data_directory", directory.resolve("data").toString())
                        .put("secrets_file", directory.resolve("secrets.json").toString())
                        .put("directory", "standalone")
                        .put("server_name_advertised", "127.0.0.1")
                        .put("heartbeat_interval", 500)
                        .put("api_port", 0)
                        .put("server_heartbeat_port", 0)
                        .put("command_port", 0)
                        .put("management_port", 0));
        Process process = new ProcessBuilder(
                        server("--ready-file", directory.resolve("ready.json").toString()))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("server.log").toFile())
                .start();
        try {
            int port = ports(process).path("api_port").asInt();
            directory("org-create", "acme");
            directory(
                    "user-create",
                    "tester",
                    "--org",
                    "acme",
                    "--admin",
                    "--key-out",
                    directory.resolve("user.pem").toString());
            directory(
                    "client-create",
                    "acme",
                    "node-1",
                    "--key-out",
                    directory.resolve("client.pem").toString());

            Ran ran = test(port, "--all", "-J", directory.resolve("report.xml").toString());

            assertThat(ran.out()).endsWith(ApiCases.CASES.size() + " cases, 0 failed\n");
            assertThat(ran.status()).isZero();
            assertThat(directory.resolve("report.xml")).content().contains("failures=\"0\"");
        } finally {
            process.destroy();
            process.waitFor(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void serverThatRefusesEverythingFailsEveryCase() throws Exception {
        key("user.pem");
        key("client.pem");
        HttpServer refusing = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        refusing.createContext("/", exchange -> {
            exchange.sendResponseHeaders(503, -1);
            exchange.close();
        });
        refusing.start();
        try {
            Ran ran = test(refusing.getAddress().getPort(), "--smoke");

            assertThat(ran.status()).isEqualTo(1);
            assertThat(ran.out())
                    .contains("status 200 was to come, and it is 503")
                    .endsWith("5 cases, 5 failed\n");
        } finally {
            refusing.stop(0);
        }
    }

    @Test
    void serverThatIsAwayFailsAndIsNamed() throws Exception {
        key("user.pem");
        key("client.pem");
        int port;
        try (ServerSocket closed = new ServerSocket(0)) {
            port = closed.getLocalPort();
        }

        Ran ran = test(port);

        assertThat(ran.status()).isEqualTo(1);
        assertThat(ran.out()).contains("there is no answer: java.net.ConnectException");
    }

    @Test
    void withoutKeysItCannotBegin() throws Exception {
        Ran ran = test(1);

        assertThat(ran.status()).isEqualTo(2);
        assertThat(ran.err()).startsWith("the test cannot be made: ").contains("user.pem");
    }

    private void key(String name) throws Exception {
        Path file = directory.resolve(name);
        Files.writeString(file, PemKeys.toPem((RSAPrivateKey) PemKeys.generate().getPrivate()));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
}
