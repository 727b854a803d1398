package org.pushjobs.schema;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.flywaydb.core.Flyway;
import org.pushjobs.config.DatabaseConfig;

/**
 * Brings a database to the newest schema: an empty one, one of an earlier version of ours, or one of the original server,
 * which is taken over in place (storage.md). Several servers may do so at once. Blocking.
 */
public final class Migrations {
    private static final Duration QUERY_TIMEOUT = Duration.ofSeconds(10);
    /** An index on a large table takes its time. */
    private static final Duration MIGRATION_TIMEOUT = Duration.ofMinutes(30);

    private Migrations() {}

    /**
     * Applies the migrations that are missing. A database that has them all is only read, so a user without rights on the
     * schema will do then.
     *
     * @return how many were applied
     * @throws SQLException when the database does not answer, or is not encoded in UTF-8
     * @throws org.flywaydb.core.api.FlywayException when a migration fails; it leaves no trace in the database
     */
    public static int run(DatabaseConfig.External config) throws SQLException {
        return flyway(config).migrate().migrationsExecuted;
    }

    /**
     * How many migrations {@link #run} would apply; reads only.
     *
     * @throws SQLException as there
     */
    public static int missing(DatabaseConfig.External config) throws SQLException {
        return flyway(config).info().pending().length;
    }

    private static Flyway flyway(DatabaseConfig.External config) throws SQLException {
        boolean original;
        try (Connection connection =
                        JdbcSource.of(config, config.database(), QUERY_TIMEOUT).getConnection();
                Statement statement = connection.createStatement()) {
            requireUtf8(statement);
            original = isTrue(statement, "select to_regclass('jobs') is not null");
        }
        return Flyway.configure()
                .dataSource(JdbcSource.of(config, config.database(), MIGRATION_TIMEOUT))
                .locations("classpath:db/migration")
                .baselineOnMigrate(true)
                .baselineVersion(original ? "1" : "0")
                .load();
    }

    private static void requireUtf8(Statement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery("show server_encoding")) {
            rows.next();
            if (!"UTF8".equals(rows.getString(1))) {
                throw new SQLException("the database is encoded in " + rows.getString(1)
                        + " and cannot hold every character; create it with ENCODING 'UTF8'");
            }
        }
    }

    private static boolean isTrue(Statement statement, String sql) throws SQLException {
        try (ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getBoolean(1);
        }
    }
}
