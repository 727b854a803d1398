package org.pushjobs.ctl.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Stream;

/** Two PostgreSQL servers, of which the second one is a streaming replica of the first one until it is promoted. */
public final class ReplicatedPostgres implements AutoCloseable {
    private final EmbeddedPostgres primary;
    private final EmbeddedPostgres replica;

    private ReplicatedPostgres(EmbeddedPostgres primary, EmbeddedPostgres replica) {
        this.primary = primary;
        this.replica = replica;
    }

    /** @param directory for the data, without any so far */
    public static ReplicatedPostgres start(Path directory) throws Exception {
        Path data = directory.resolve("a");
        Path copy = directory.resolve("b");
        builder(data).start().close();
        copy(data, copy);
        EmbeddedPostgres primary = builder(data).start();
        try {
            Files.createFile(copy.resolve("standby.signal"));
            Files.writeString(
                    copy.resolve("postgresql.auto.conf"),
                    "primary_conninfo = 'host=127.0.0.1 port=" + primary.getPort() + " user=postgres'\n",
                    StandardOpenOption.APPEND);
            ReplicatedPostgres servers =
                    new ReplicatedPostgres(primary, builder(copy).start());
            Await.until(
                    "the replica follows",
                    () -> ask(primary, "postgres", "select count(*) from pg_stat_replication where state = 'streaming'")
                            .equals("1"));
            return servers;
        } catch (Exception | AssertionError e) {
            primary.close();
            throw e;
        }
    }

    private static EmbeddedPostgres.Builder builder(Path data) {
        return EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setServerConfig("synchronous_commit", "on"); // the builder turns it off
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : paths.toList()) {
                Files.copy(path, to.resolve(from.relativize(path)), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    public int primaryPort() {
        return primary.getPort();
    }

    public int replicaPort() {
        return replica.getPort();
    }

    /** For connections that are made from now on. */
    public void acknowledgesAtOnceTo(String user) throws SQLException {
        run(primary, "alter role " + user + " set synchronous_commit = local");
    }

    /** From now on the first one acknowledges nothing that the second one does not have. */
    public void synchronise() throws Exception {
        run(primary, "alter system set synchronous_standby_names = '*'");
        run(primary, "select pg_reload_conf()");
        Await.until(
                "the replica counts",
                () -> ask(primary, "postgres", "select count(*) from pg_stat_replication where sync_state = 'sync'")
                        .equals("1"));
    }

    /** Returns when the second one takes writes; the first one does so, too. */
    public void promoteReplica() throws SQLException {
        run(replica, "select pg_promote()");
    }

    public void stopPrimary() throws IOException {
        primary.close();
    }

    /** The one value that a query gives at the first one. */
    public String askPrimary(String database, String sql) throws SQLException {
        return ask(primary, database, sql);
    }

    private static String ask(EmbeddedPostgres server, String database, String sql) throws SQLException {
        try (Connection connection = server.getDatabase("postgres", database).getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? rows.getString(1) : "";
        }
    }

    private static void run(EmbeddedPostgres server, String sql) throws SQLException {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            primary.close();
        } finally {
            replica.close();
        }
    }
}
