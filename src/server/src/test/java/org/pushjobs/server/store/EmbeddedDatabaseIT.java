package org.pushjobs.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.schema.JdbcSource;
import org.pushjobs.server.testing.Await;

class EmbeddedDatabaseIT {
    @TempDir
    private static Path shared;

    private static Path programs;

    @TempDir
    private Path temporary;

    private DatabaseConfig.Embedded config;

    @BeforeAll
    static void unpackOnce() throws IOException {
        programs = PostgresBinaries.unpack(shared);
    }

    @BeforeEach
    void linkThePrograms() throws IOException {
        Path directory = Files.createDirectory(temporary.resolve("database"));
        Files.createSymbolicLink(directory.resolve(programs.getFileName()), programs);
        config = new DatabaseConfig.Embedded(directory, 4);
    }

    @AfterEach
    void unlinkThePrograms() throws IOException {
        Files.delete(config.dataDirectory().resolve(programs.getFileName()));
    }

    @Test
    void dataIsKeptBetweenRuns() throws Exception {
        try (EmbeddedDatabase first = EmbeddedDatabase.start(config)) {
            query(first, "create table kept as select 42 as n");
        }

        try (EmbeddedDatabase second = EmbeddedDatabase.start(config)) {
            assertThat(query(second, "select n from kept")).isEqualTo("42");
        }

        assertThat(instance().running()).isEmpty();
    }

    @Test
    void itIsDurableAndNotOpenToOthers() throws Exception {
        try (EmbeddedDatabase database = EmbeddedDatabase.start(config)) {
            assertThat(query(database, "show fsync")).isEqualTo("on");
            assertThat(query(database, "show listen_addresses")).isEqualTo("127.0.0.1");
            assertThat(query(database, "show unix_socket_directories")).isEmpty();
            DatabaseConfig.External right = database.connection();
            DatabaseConfig.External wrong =
                    new DatabaseConfig.External(right.host(), right.port(), right.database(), right.user(), "wrong", 1);
            assertThatThrownBy(() -> query(wrong, "select 1")).hasMessageContaining("password");
        }
        for (String secret : List.of("password", "data", "postgresql.log")) {
            assertThat(PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(config.dataDirectory().resolve(secret))))
                    .endsWith("------");
        }
    }

    @Test
    void whatAKilledOwnerLeftRunningIsStoppedFirst() throws Exception {
        Process owner = startOwner();
        PostgresInstance.Running orphan = instance().running().orElseThrow();
        query(EmbeddedDatabase.join(config).connection(), "create table kept as select 42 as n");
        owner.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        assertThat(ProcessHandle.of(orphan.pid())).isPresent();

        try (EmbeddedDatabase database = EmbeddedDatabase.start(config)) {
            assertThat(instance().running())
                    .hasValueSatisfying(running -> assertThat(running.pid()).isNotEqualTo(orphan.pid()));
            assertThat(query(database, "select n from kept")).isEqualTo("42");
        }
        assertThat(ProcessHandle.of(orphan.pid())
                        .flatMap(process -> process.info().command()))
                .isEmpty();
    }

    @Test
    void processThatIsNotPostgresIsLeftAlone() throws Exception {
        EmbeddedDatabase.start(config).close();
        Process bystander = new ProcessBuilder("sleep", "60").start();
        Path data = config.dataDirectory().resolve("data");
        Files.write(
                data.resolve("postmaster.pid"),
                List.of("" + bystander.pid(), data.toString(), "0", "5432", "", "127.0.0.1", "0 0", "ready   "));

        try (EmbeddedDatabase database = EmbeddedDatabase.start(config)) {
            assertThat(query(database, "select 1")).isEqualTo("1");
            assertThat(bystander.isAlive()).isTrue();
        } finally {
            bystander.destroyForcibly();
        }
    }

    @Test
    void secondOwnerIsRefusedButMayJoin() throws Exception {
        Process owner = startOwner();
        try {
            assertThatThrownBy(() -> EmbeddedDatabase.start(config)).hasMessageContaining("another process");

            try (EmbeddedDatabase joined = EmbeddedDatabase.join(config)) {
                assertThat(query(joined, "select 1")).isEqualTo("1");
            }

            assertThat(instance().running()).isPresent();
        } finally {
            owner.getOutputStream().close();
            assertThat(owner.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(instance().running()).isEmpty();
    }

    @Test
    void joiningWhereNobodyRunsItStartsAndStopsIt() throws Exception {
        try (EmbeddedDatabase joined = EmbeddedDatabase.join(config)) {
            assertThat(query(joined, "select 1")).isEqualTo("1");
        }

        assertThat(instance().running()).isEmpty();
    }

    @Test
    void databaseThatDiesIsStartedAgain() throws Exception {
        Vertx vertx = Vertx.vertx();
        Database database = Database.open(vertx, config);
        try {
            Await.result(database.ready());

            ProcessHandle.of(instance().running().orElseThrow().pid())
                    .orElseThrow()
                    .destroyForcibly();
            Await.until("outage noticed", () -> !database.isReady());
            Await.until("ready again", database::isReady);

            assertThat(Await.result(new JobStore(database.pool()).live())).isEmpty();
        } finally {
            Await.result(database.close());
            Await.result(vertx.close());
        }
        assertThat(instance().running()).isEmpty();
    }

    @Test
    void dataOfAnotherMajorVersionIsRefused() throws Exception {
        Path data = Files.createDirectory(config.dataDirectory().resolve("data"));
        Files.writeString(data.resolve("PG_VERSION"), "12\n");

        assertThatThrownBy(() -> EmbeddedDatabase.start(config))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("PostgreSQL 12");
    }

    private PostgresInstance instance() {
        Path directory = config.dataDirectory();
        return new PostgresInstance(
                directory.resolve(programs.getFileName()),
                directory.resolve("data"),
                directory.resolve("postgresql.log"));
    }

    private Process startOwner() throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        EmbeddedOwner.class.getName(),
                        config.dataDirectory().toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        String line = output.readLine();
        while (line != null && !line.startsWith("port ")) {
            line = output.readLine();
        }
        assertThat(line).isNotNull();
        return process;
    }

    private static String query(EmbeddedDatabase database, String sql) throws IOException, SQLException {
        return query(database.connection(), sql);
    }

    private static String query(DatabaseConfig.External config, String sql) throws SQLException {
        try (Connection connection = JdbcSource.of(config, config.database(), Duration.ofSeconds(30))
                        .getConnection();
                Statement statement = connection.createStatement()) {
            if (!statement.execute(sql)) {
                return "";
            }
            try (ResultSet rows = statement.getResultSet()) {
                rows.next();
                return rows.getString(1);
            }
        }
    }
}
