package org.pushjobs.ctl.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Objects;
import org.postgresql.ds.PGSimpleDataSource;
import org.pushjobs.ctl.CtlException;
import org.pushjobs.ctl.settings.Installation;
import org.pushjobs.ctl.settings.PostgresHost;

/**
 * The user that makes roles and databases. Each call is a connection of its own, so that an interrupted one leaves nothing
 * behind. Blocking. Never printed with the password.
 */
public record Superuser(String host, int port, String user, String password) {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(60);

    /** There in every database server. */
    static final String TEMPLATE = "template1";

    public Superuser {
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(password, "password");
    }

    /**
     * At the host that takes writes.
     *
     * @throws CtlException when none of several hosts does
     */
    public static Superuser of(Installation.Database.Postgres postgres, String password)
            throws CtlException, InterruptedException {
        PostgresHost host = new DatabaseHosts(postgres.hosts(), TEMPLATE, postgres.superuser(), password).writable();
        return new Superuser(host.name(), host.port(), postgres.superuser(), password);
    }

    /** Work with a connection. */
    @FunctionalInterface
    interface Work<T> {
        T with(Connection connection) throws SQLException;
    }

    <T> T in(String database, Work<T> work) throws CtlException {
        try (Connection connection = connect(database)) {
            return work.with(connection);
        } catch (SQLException e) {
            throw new CtlException(
                    "the database at " + host + ":" + port + " (" + database + ", as " + user + ") says: "
                            + e.getMessage()
                            + "; check that it runs and takes connections from here, and that it is the right one",
                    e);
        }
    }

    void execute(String database, String... statements) throws CtlException {
        in(database, connection -> {
            try (Statement statement = connection.createStatement()) {
                for (String sql : statements) {
                    statement.execute(sql);
                }
            }
            return statements.length;
        });
    }

    /** The first column of the first row. */
    static boolean isTrue(Connection connection, String sql, String... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() && rows.getBoolean(1);
            }
        }
    }

    Connection connect(String database) throws SQLException {
        return connect(database, user, password);
    }

    Connection connect(String database, String name, String secret) throws SQLException {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {host});
        source.setPortNumbers(new int[] {port});
        source.setDatabaseName(database);
        source.setUser(name);
        source.setPassword(secret);
        source.setApplicationName("opscode-push-jobs-server-ctl");
        source.setConnectTimeout((int) CONNECT_TIMEOUT.toSeconds());
        source.setLoginTimeout((int) CONNECT_TIMEOUT.toSeconds());
        source.setSocketTimeout((int) ANSWER_TIMEOUT.toSeconds());
        return source.getConnection();
    }

    /** For names that {@code Rules.databaseName} lets pass. */
    static String quotedName(String name) {
        return "\"" + name + "\"";
    }

    static String quotedText(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    @Override
    public String toString() {
        return "Superuser[" + user + "@" + host + ":" + port + "]";
    }
}
