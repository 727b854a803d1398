package org.pushjobs.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pushjobs.config.DatabaseConfig;

/** The server's own tests (TakeOverIT) say what it does with the database of an original server. */
class MigrationsIT {
    private static EmbeddedPostgres server;
    private static int databases;

    private DatabaseConfig.External config;

    @BeforeAll
    static void start() throws IOException {
        server = EmbeddedPostgres.builder().start();
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    @BeforeEach
    void createDatabase() throws SQLException {
        config = create("encoding 'UTF8'");
    }

    private static DatabaseConfig.External create(String options) throws SQLException {
        String name = "test_" + ++databases;
        execute(named("postgres"), "create database " + name + " template template0 " + options);
        return named(name);
    }

    private static DatabaseConfig.External named(String name) {
        return new DatabaseConfig.External("localhost", server.getPort(), name, "postgres", "postgres", 1);
    }

    private static void execute(DatabaseConfig.External config, String sql) throws SQLException {
        try (Connection connection = JdbcSource.of(config, config.database(), Duration.ofSeconds(30))
                        .getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static int files() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/main/resources/db/migration"))) {
            return (int) files.count();
        }
    }

    @Test
    void everyFileIsAMigrationThatAnEmptyDatabaseGetsOnce() throws Exception {
        assertThat(Migrations.missing(config)).isEqualTo(files());
        assertThat(Migrations.run(config)).isEqualTo(files());

        assertThat(Migrations.missing(config)).isZero();
        assertThat(Migrations.run(config)).isZero();
    }

    /** Of a version that wrote what a failed command has written last nowhere. */
    @Test
    void databaseOfTheFormerVersionKeepsItsJobs() throws Exception {
        Flyway.configure()
                .dataSource(JdbcSource.of(config, config.database(), Duration.ofSeconds(30)))
                .locations("classpath:db/migration")
                .target("13")
                .load()
                .migrate();
        execute(config, """
                insert into jobs (id, org_id, command, status, last_updated_by, created_at, updated_at)
                values (repeat('a', 32), repeat('b', 32), 'ls', 2, 'alice', now(), now());
                insert into job_nodes (job_id, org_id, node_name, status, created_at, updated_at, exit_code)
                values (repeat('a', 32), repeat('b', 32), 'web-1', 5, now(), now(), 7)""");

        assertThat(Migrations.run(config)).isEqualTo(files() - 13);

        assertThat(rows("select exit_code, output_tail is null, output_tail_offset is null from job_nodes"))
                .containsExactly("7 t t");
    }

    private List<String> rows(String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection connection = JdbcSource.of(config, config.database(), Duration.ofSeconds(30))
                        .getConnection();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(sql)) {
            while (found.next()) {
                StringJoiner row = new StringJoiner(" ");
                for (int column = 1; column <= found.getMetaData().getColumnCount(); column++) {
                    row.add(found.getString(column));
                }
                rows.add(row.toString());
            }
        }
        return rows;
    }

    @Test
    void databaseOfANewerServerIsUsed() throws Exception {
        Migrations.run(config);
        execute(config, """
                insert into flyway_schema_history select installed_rank + 100, '999', 'of a newer server', type,
                  'V999__of_a_newer_server.sql', 1, installed_by, now(), 1, true
                from flyway_schema_history order by installed_rank desc limit 1""");

        assertThat(Migrations.run(config)).isZero();
    }

    @Test
    void databaseThatHasOnlyForeignTablesGetsTheWholeSchema() throws Exception {
        execute(config, "create table something_else (id int)");

        assertThat(Migrations.run(config)).isEqualTo(files());
        assertThat(Migrations.run(config)).isZero();
    }

    @Test
    void databaseThatCannotHoldEveryCharacterIsRefused() throws Exception {
        DatabaseConfig.External latin = create("encoding 'LATIN1' lc_collate 'C' lc_ctype 'C'");

        assertThatThrownBy(() -> Migrations.run(latin))
                .hasMessageContaining("LATIN1")
                .hasMessageContaining("ENCODING 'UTF8'");
    }
}
