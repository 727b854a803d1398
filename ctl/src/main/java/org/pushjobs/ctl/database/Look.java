package org.pushjobs.ctl.database;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.flywaydb.core.api.FlywayException;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.ctl.CtlException;
import org.pushjobs.schema.Migrations;

/**
 * What the server would find in its database, with the rights that it has.
 *
 * @param missingMigrations how many are to be made yet
 * @param clusterFingerprint of the secrets that all servers have; empty before a server has run
 * @param liveJobs that have not ended
 * @param clockAhead how much the database's clock is ahead of this machine's, within the time that the question took
 */
public record Look(int missingMigrations, Optional<String> clusterFingerprint, int liveJobs, Duration clockAhead) {
    public Look {
        Objects.requireNonNull(clusterFingerprint, "clusterFingerprint");
        Objects.requireNonNull(clockAhead, "clockAhead");
    }

    /**
     * Blocks for some seconds when there is no answer.
     *
     * @throws CtlException when it cannot be used
     */
    public static Look at(DatabaseConfig.External database) throws CtlException {
        Superuser user = new Superuser(database.host(), database.port(), database.user(), database.password());
        try {
            int missing = Migrations.missing(database);
            return user.in(
                    database.database(),
                    connection -> new Look(
                            missing, fingerprint(connection), liveJobs(connection), DatabaseClock.ahead(connection)));
        } catch (SQLException | FlywayException e) {
            throw new CtlException(
                    "the database at " + database.host() + ":" + database.port() + " (" + database.database() + ", as "
                            + database.user() + ") says: " + e.getMessage()
                            + "; check that it runs and takes connections from here, then run"
                            + " opscode-push-jobs-server-ctl reconfigure, which makes role, database and password",
                    e);
        }
    }

    private static Optional<String> fingerprint(Connection connection) throws SQLException {
        if (!Superuser.isTrue(connection, "select to_regclass('cluster') is not null")) {
            return Optional.empty();
        }
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select secrets_fingerprint from cluster")) {
            return rows.next() ? Optional.of(rows.getString(1)) : Optional.empty();
        }
    }

    private static int liveJobs(Connection connection) throws SQLException {
        if (!Superuser.isTrue(connection, "select to_regclass('jobs') is not null")) {
            return 0;
        }
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select count(*) from jobs where status in (0, 1, 5)")) {
            rows.next();
            return rows.getInt(1);
        }
    }
}
