package org.pushjobs.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.FreePort;
import org.pushjobs.server.testing.PostgresExtension;
import org.pushjobs.server.testing.ServerProcess;
import org.pushjobs.server.testing.TestConfig;

/** The server as a process: what keeps it from starting, and what HUP and an early TERM do. */
@ExtendWith(PostgresExtension.class)
class ServerStartIT {
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @Test
    void whatCannotWorkIsAnErrorAtOnceAndFoundByCheckConfig(DatabaseConfig.External database) throws Exception {
        Path config = TestConfig.write(
                directory,
                TestConfig.settings(database)
                        .put("api_listen_address", "no-such-host.invalid")
                        .put("audit_log_file", "missing/audit.jsonl")
                        .put("secrets_file", "missing/secrets.json"));

        for (ServerProcess.Outcome outcome :
                new ServerProcess.Outcome[] {ServerProcess.run(config), ServerProcess.run(config, "--check-config")}) {
            assertThat(outcome.status()).as(outcome.output()).isEqualTo(1);
            assertThat(outcome.output())
                    .contains(
                            config + ": api_listen_address is no-such-host.invalid",
                            config + ": audit_log_file is ",
                            config + ": secrets_file is ");
        }
    }

    @Test
    void portInUseIsAnErrorAtOnceThatNamesTheSetting(DatabaseConfig.External database) throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            int port = taken.getLocalPort();
            // the database does not matter, it need not be there
            Path config = TestConfig.write(
                    directory,
                    TestConfig.settings(database)
                            .put("database", TestConfig.url(database, FreePort.pick()))
                            .put("command_port", port));

            ServerProcess.Outcome started = ServerProcess.run(config);
            ServerProcess.Outcome checked = ServerProcess.run(config, "--check-config");

            assertThat(started.status()).as(started.output()).isEqualTo(1);
            assertThat(started.output()).contains("command_port is " + port + ", which cannot be opened");
            assertThat(checked.output()).contains("warning: command_port is " + port + ", which cannot be opened");
            assertThat(checked.status()).as("it may be this server that has it").isZero();
        }
    }

    private static JsonObject embeddedIn(Path data) {
        return new JsonObject()
                .put("data_directory", data.toString())
                .put("api_listen_address", "127.0.0.1")
                .put("zeromq_listen_address", "tcp://127.0.0.1")
                .put("api_port", 0)
                .put("server_heartbeat_port", 0)
                .put("command_port", 0)
                .put("management_port", 0);
    }

    @Test
    void dataDirectoryThatCannotBeMadeIsAnErrorAtOnce() throws Exception {
        // where root may write, to go by the permissions, and nobody can
        Path data = Path.of("/proc/pushjobs/data");

        ServerProcess.Outcome started = ServerProcess.run(TestConfig.write(directory, embeddedIn(data)));

        assertThat(started.status()).as(started.output()).isEqualTo(1);
        assertThat(started.output())
                .contains("data_directory is " + data + ", which", "cannot be made")
                .contains("name a directory that the server's user can make and write to");
    }

    @Test
    void whatAKilledServerLeftInItsDataDirectoryIsNoServer() throws Exception {
        Path data = Files.createDirectory(directory.resolve("data"));
        Files.createFile(data.resolve("lock"));
        Files.writeString(data.resolve("server.pid"), ProcessHandle.current().pid() + "\n");

        ServerProcess.Outcome checked =
                ServerProcess.run(TestConfig.write(directory, embeddedIn(data)), "--check-config");

        assertThat(checked.status()).as(checked.output()).isZero();
        assertThat(checked.output()).doesNotContain("another process uses");
    }

    @Test
    void dataDirectoryThatIsAFileIsOneErrorAndInUseByNobody() throws Exception {
        Path data = Files.createFile(directory.resolve("data"));

        ServerProcess.Outcome checked =
                ServerProcess.run(TestConfig.write(directory, embeddedIn(data)), "--check-config");

        assertThat(checked.status()).as(checked.output()).isEqualTo(1);
        assertThat(checked.output())
                .contains("error: ", "data_directory is " + data + ", which is no directory")
                .doesNotContain("another process uses");
    }

    @Test
    void dataDirectoryOfAServerThatRunsIsAnErrorAtOnce() throws Exception {
        Path data = Files.createDirectory(directory.resolve("data"));
        Path config = TestConfig.write(directory, embeddedIn(data));
        long pid = ProcessHandle.current().pid();
        // given: this process behaves as a server that has it
        try (FileChannel channel =
                FileChannel.open(data.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.lock();
            Files.writeString(data.resolve("server.pid"), pid + "\n");

            ServerProcess.Outcome started = ServerProcess.run(config);
            ServerProcess.Outcome checked = ServerProcess.run(config, "--check-config");

            assertThat(started.status()).as(started.output()).isEqualTo(1);
            assertThat(started.output())
                    .contains("data_directory is " + data + ", which another process uses: the server with process id "
                            + pid);
            assertThat(checked.output())
                    .contains("warning: data_directory is " + data + ", which another process uses");
        }
    }

    @Test
    void stopWhileTheDatabaseIsAwayIsNoError(DatabaseConfig.External database) throws Exception {
        Path config = TestConfig.write(
                directory, TestConfig.settings(database).put("database", TestConfig.url(database, FreePort.pick())));
        try (ServerProcess server = ServerProcess.start(config)) {
            Await.until(
                    "it waits",
                    DEADLINE,
                    () -> server.log().contains("the database does not answer")
                            && server.log().contains("HTTP API is listening"));

            server.terminate(Duration.ofSeconds(30));

            assertThat(server.log()).contains("server stopped").doesNotContain("ERROR");
        }
    }

    @Test
    void newSecretsAreAnnouncedAndHupIsAnsweredByReadingTheSettingsAgain(DatabaseConfig.External database)
            throws Exception {
        JsonObject settings = TestConfig.settings(database).put("log_level", "warn");
        Path config = TestConfig.write(directory, settings);
        try (ServerProcess server = ServerProcess.start(config)) {
            server.awaitReady();
            assertThat(server.log())
                    .contains(
                            "new secrets were made",
                            directory.resolve("secrets.json").toString())
                    .doesNotContain("INFO");

            // when
            TestConfig.write(
                    directory,
                    settings.copy()
                            .put("log_level", "debug")
                            .put("log_format", "json")
                            .put("voting_timeout", 7));
            server.hangUp();

            // then
            Await.until(
                    "the settings were read again", DEADLINE, () -> server.log().contains("settings were read again"));
            assertThat(server.log().lines().filter(line -> line.contains("settings were read again")))
                    .singleElement()
                    .satisfies(line -> {
                        JsonObject object = new JsonObject(line);
                        assertThat(object.getString("logger")).isEqualTo("org.pushjobs.server.Reload");
                        assertThat(object.getJsonObject("facts").getMap())
                                .containsEntry("log_levels", "DEBUG, libraries WARN")
                                .containsEntry("changed_but_for_the_next_start", "voting_timeout");
                    });

            // when
            TestConfig.write(directory, settings.copy().put("log_level", "loud"));
            server.hangUp();

            // then
            Await.until("the error is told", DEADLINE, () -> server.log().contains("log_level is \\\"loud\\\""));
            assertThat(server.isAlive()).isTrue();
            assertThat(server.terminate(Duration.ofSeconds(30))).isNotEqualTo(1);
        }
        assertThat(Files.readString(directory.resolve("server.log"))).contains("server stopped");
    }
}
