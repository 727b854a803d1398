package org.pushjobs.ctl.database;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;

/** A database server's clock beside this machine's. */
final class DatabaseClock {
    private DatabaseClock() {}

    /** How much it is ahead, within the time that the question took. */
    static Duration ahead(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            Instant asked = Instant.now();
            try (ResultSet rows = statement.executeQuery("select extract(epoch from clock_timestamp())::float8")) {
                Instant answered = Instant.now();
                rows.next();
                Instant there = Instant.ofEpochMilli(Math.round(rows.getDouble(1) * 1000));
                return there.isBefore(asked)
                        ? Duration.between(asked, there)
                        : there.isAfter(answered) ? Duration.between(answered, there) : Duration.ZERO;
            }
        }
    }
}
