package org.pushjobs.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.schema.JdbcSource;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.FreePort;

/** Two PostgreSQL servers, of which the second one is a streaming replica of the first one until it is promoted. */
public final class ReplicatedPostgres implements AutoCloseable {
    private static final String SUPERUSER = "postgres";
    private static final String USER = "pushy";
    private static final String DATABASE = "opscode_pushy";
    private static final String PASSWORD = "password-of-the-tests";
    /** A replica refuses to start with fewer than the primary had, be it when it was made. */
    private static final int MAX_CONNECTIONS = 100;

    private final Host primary;
    private final Host replica;

    private ReplicatedPostgres(Host primary, Host replica) {
        this.primary = primary;
        this.replica = replica;
    }

    /**
     * @param programs where the programs are unpacked, unless they are
     * @param directory for the data, without any so far
     */
    public static ReplicatedPostgres start(Path programs, Path directory) throws Exception {
        Path unpacked = PostgresBinaries.unpack(programs);
        Path passwordFile = Files.writeString(directory.resolve("password"), PASSWORD);
        Host primary = new Host(unpacked, directory.resolve("a"));
        Host replica = new Host(unpacked, directory.resolve("b"));
        primary.instance.initialise(SUPERUSER, passwordFile);
        copy(primary.data, replica.data);
        Files.createFile(replica.data.resolve("standby.signal"));
        Files.writeString(
                replica.data.resolve("postgresql.auto.conf"),
                "primary_conninfo = 'host=127.0.0.1 port=" + primary.port + " user=" + SUPERUSER + " password="
                        + PASSWORD + "'\n",
                StandardOpenOption.APPEND);
        ReplicatedPostgres servers = new ReplicatedPostgres(primary, replica);
        try {
            primary.start();
            primary.asSuperuser("create role " + USER + " login password '" + PASSWORD + "'");
            primary.asSuperuser("create database " + DATABASE + " owner " + USER);
            replica.start();
            Await.until(
                    "the replica follows",
                    () -> primary.ask("select count(*) from pg_stat_replication where state = 'streaming'")
                            .equals("1"));
        } catch (Exception | AssertionError e) {
            servers.close();
            throw e;
        }
        return servers;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : paths.toList()) {
                Files.copy(path, to.resolve(from.relativize(path)), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    /** From now on the first one acknowledges nothing that the second one does not have. */
    public void synchronise() {
        primary.asSuperuser("alter system set synchronous_standby_names = '*'");
        primary.ask("select pg_reload_conf()");
        Await.until(
                "the replica counts",
                () -> primary.ask("select count(*) from pg_stat_replication where sync_state = 'sync'")
                        .equals("1"));
    }

    public Host primary() {
        return primary;
    }

    public Host replica() {
        return replica;
    }

    @Override
    public void close() throws IOException {
        try {
            primary.stop();
        } finally {
            replica.stop();
        }
    }

    /** One of the two. */
    public static final class Host {
        private final PostgresInstance instance;
        private final Path data;
        private final int port = FreePort.pick();

        private Host(Path programs, Path directory) throws IOException {
            Files.createDirectory(directory);
            this.data = directory.resolve("data");
            this.instance = new PostgresInstance(programs, data, directory.resolve("log"));
        }

        /** As the server connects to it. */
        public DatabaseConfig.External config() {
            return as(USER, DATABASE);
        }

        private DatabaseConfig.External as(String user, String database) {
            return new DatabaseConfig.External("127.0.0.1", port, database, user, PASSWORD, 8);
        }

        public void start() throws IOException {
            // what one that was killed has left behind
            instance.stop();
            instance.start(port, MAX_CONNECTIONS);
        }

        private void stop() throws IOException {
            thaw();
            instance.stop();
        }

        /** Ends all its processes at once, if there are any. */
        public void kill() throws IOException {
            List<ProcessHandle> processes = processes();
            signal("KILL");
            Await.until("they are gone", () -> processes.stream().noneMatch(ProcessHandle::isAlive));
        }

        /** It keeps its connections and says nothing. */
        public void freeze() throws IOException {
            signal("STOP");
        }

        /** After {@link #freeze}. */
        public void thaw() throws IOException {
            signal("CONT");
        }

        /**
         * Returns when it takes writes. Asked for that again and again: a query that waits would itself be what the replica waits
         * for when what it has yet to replay conflicts with what a query may see.
         */
        public void promote() {
            assertThat(ask("select pg_promote(false)")).isEqualTo("t");
            Await.until(
                    "it takes writes", () -> ask("select pg_is_in_recovery()").equals("f"));
        }

        private void signal(String name) throws IOException {
            List<ProcessHandle> processes = processes();
            if (processes.isEmpty()) {
                return;
            }
            List<String> command = new ArrayList<>(List.of("kill", "-" + name));
            processes.forEach(process -> command.add(Long.toString(process.pid())));
            // one that ends with the others before its turn is no failure
            new ProcessBuilder(command)
                    .inheritIO()
                    .start()
                    .onExit()
                    .orTimeout(10, TimeUnit.SECONDS)
                    .join();
        }

        /** The postmaster is the first one; none when it does not run. */
        private List<ProcessHandle> processes() throws IOException {
            return instance.running().flatMap(running -> ProcessHandle.of(running.pid())).stream()
                    .flatMap(postmaster -> Stream.concat(Stream.of(postmaster), postmaster.descendants()))
                    .toList();
        }

        /** The one value that a query of the superuser gives in the server's database. */
        public String ask(String sql) {
            return run(as(SUPERUSER, DATABASE), sql);
        }

        /** In the superuser's own database, for what concerns the server's one as a whole. */
        public void asSuperuser(String sql) {
            run(as(SUPERUSER, SUPERUSER), sql);
        }

        private static String run(DatabaseConfig.External config, String sql) {
            try (Connection connection = JdbcSource.of(config, config.database(), Duration.ofSeconds(90))
                            .getConnection();
                    Statement statement = connection.createStatement()) {
                if (!statement.execute(sql)) {
                    return "";
                }
                try (ResultSet rows = statement.getResultSet()) {
                    return rows.next() ? rows.getString(1) : "";
                }
            } catch (SQLException e) {
                throw new IllegalStateException(sql + " failed", e);
            }
        }
    }
}
