package org.pushjobs.server.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.schema.Migrations;
import org.pushjobs.server.testing.PostgresExtension;
import org.pushjobs.server.testing.ServerProcess;
import org.pushjobs.server.testing.TestConfig;

/** {@code jobs purge} as a process. */
@ExtendWith(PostgresExtension.class)
class JobsCommandIT {
    private static final int COMPLETE = 2;
    private static final int RUNNING = 1;

    @TempDir
    Path directory;

    @Test
    void jobsThatEndedLongAgoAreDeletedAndOthersAreNot(DatabaseConfig.External database) throws Exception {
        Migrations.run(database);
        insert(database, "old", COMPLETE, 10);
        insert(database, "fresh", COMPLETE, 1);
        insert(database, "live", RUNNING, 10);
        Path config = TestConfig.write(directory, TestConfig.settings(database));

        ServerProcess.Outcome purged = ServerProcess.run(config, "jobs", "purge", "--older-than", "5");

        assertThat(purged.status()).as(purged.output()).isZero();
        assertThat(purged.output()).contains("jobs deleted: 1");
        assertThat(ids(database)).containsExactly("fresh", "live");
        assertThat(ServerProcess.run(config, "jobs", "purge", "--older-than", "0")
                        .output())
                .contains("jobs deleted: 1");
        assertThat(ids(database)).containsExactly("live");
        assertThat(ServerProcess.run(config, "jobs", "purge", "--older-than", "-1")
                        .status())
                .isEqualTo(2);
        assertThat(ServerProcess.run(config, "jobs", "purge").status()).isEqualTo(2);
    }

    private static Connection connect(DatabaseConfig.External database) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://" + database.host() + ":" + database.port() + "/" + database.database(),
                database.user(),
                database.password());
    }

    private static void insert(DatabaseConfig.External database, String id, int status, int daysAgo)
            throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute("""
                insert into jobs (id, org_id, command, status, run_timeout, last_updated_by, created_at, updated_at, quorum)
                values ('%s', 'org', 'c', %d, 1, 'x', now() - interval '11 days', now() - interval '%d days', 1)
                """.formatted(id, status, daysAgo));
        }
    }

    private static List<String> ids(DatabaseConfig.External database) throws SQLException {
        List<String> ids = new ArrayList<>();
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select trim(id) from jobs order by 1")) {
            while (rows.next()) {
                ids.add(rows.getString(1));
            }
        }
        return ids;
    }
}
