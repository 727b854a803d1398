package org.pushjobs.server.store;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.schema.JdbcSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL server of our own, for {@code database: embedded}. Programs, data, password and log are in the configured
 * directory; the data stays there between runs. It listens on a free port of 127.0.0.1 and asks for a password that only
 * this directory knows.
 *
 * <p>The process that owns it holds a lock on a file in the directory. So an owner that finds PostgreSQL running knows
 * that its predecessor was killed, and stops it before it starts its own; and another process (the directory command line)
 * knows that it may use the running one. Blocking; not for an event loop.
 */
public final class EmbeddedDatabase implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedDatabase.class);
    private static final String NAME = "opscode_pushy";
    private static final String LOCK = "lock";
    private static final Duration QUERY_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration JOIN_TIMEOUT = Duration.ofSeconds(20);
    private static final int START_ATTEMPTS = 3;
    private static final int SPARE_CONNECTIONS = 20;

    private final Path directory;
    private final int poolSize;
    private final String password;
    private final PostgresInstance instance;
    private final Optional<FileLock> ownership;

    private EmbeddedDatabase(
            Path directory, int poolSize, String password, PostgresInstance instance, Optional<FileLock> ownership) {
        this.directory = directory;
        this.poolSize = poolSize;
        this.password = password;
        this.instance = instance;
        this.ownership = ownership;
    }

    /**
     * Starts PostgreSQL, as its owner.
     *
     * @throws IOException when it does not start, or when another process owns the directory: a {@link DataDirectoryUnusable}
     *     when that is a server, which will not let go of it, or when the directory cannot be made
     */
    public static EmbeddedDatabase start(DatabaseConfig.Embedded config) throws IOException {
        Path directory = prepare(config);
        Optional<FileLock> ownership = lock(directory);
        if (ownership.isEmpty()) {
            throw DataDirectoryOwner.server(directory)
                    .<IOException>map(server -> new DataDirectoryInUse(directory, server))
                    .orElseGet(() -> inUse(config));
        }
        DataDirectoryOwner.put(directory);
        return open(config, ownership.get());
    }

    /**
     * Which server has the data directory now, for people; empty when none has. Makes nothing. The lock is looked at, too: a
     * server that was killed leaves its file, and its process id may be another's by now.
     */
    public static Optional<String> usedByServer(DatabaseConfig.Embedded config) {
        Path directory = config.dataDirectory().toAbsolutePath().normalize();
        return Files.exists(directory.resolve(LOCK))
                ? DataDirectoryOwner.server(directory)
                        .filter(_ -> isLocked(directory))
                        .map(server -> new DataDirectoryInUse(directory, server).getMessage())
                : Optional.empty();
    }

    private static boolean isLocked(Path directory) {
        try {
            Optional<FileLock> lock = lock(directory);
            if (lock.isPresent()) {
                lock.get().acquiredBy().close();
            }
            return lock.isEmpty();
        } catch (IOException e) {
            // who may not open it cannot tell
            return true;
        }
    }

    /**
     * Uses the PostgreSQL that another process owns; where there is none, starts it as its owner.
     *
     * @throws IOException when it neither runs nor starts
     */
    public static EmbeddedDatabase join(DatabaseConfig.Embedded config) throws IOException {
        Path directory = prepare(config);
        Optional<FileLock> ownership = lock(directory);
        if (ownership.isPresent()) {
            DataDirectoryOwner.remove(directory);
            return open(config, ownership.get());
        }
        PostgresInstance instance = instance(directory);
        long deadline = System.nanoTime() + JOIN_TIMEOUT.toNanos();
        while (instance.running().filter(PostgresInstance.Running::ready).isEmpty()) {
            if (System.nanoTime() > deadline) {
                throw inUse(config);
            }
            pause();
        }
        return new EmbeddedDatabase(directory, config.poolSize(), password(directory), instance, Optional.empty());
    }

    private static EmbeddedDatabase open(DatabaseConfig.Embedded config, FileLock ownership) throws IOException {
        Path directory = config.dataDirectory().toAbsolutePath().normalize();
        try {
            EmbeddedDatabase database = new EmbeddedDatabase(
                    directory, config.poolSize(), password(directory), instance(directory), Optional.of(ownership));
            if (database.instance.running().isPresent()) {
                LOG.warn(
                        "stopping the embedded database that a killed process left running [directory: {}]", directory);
            }
            database.instance.stop();
            database.instance.initialise(NAME, directory.resolve("password"));
            database.launch();
            return database;
        } catch (IOException e) {
            ownership.acquiredBy().close();
            throw e;
        }
    }

    private void launch() throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                instance.start(freePort(), poolSize + SPARE_CONNECTIONS);
                break;
            } catch (IOException e) {
                // Somebody may have taken the free port in between.
                instance.stop();
                if (attempt == START_ATTEMPTS) {
                    throw e;
                }
            }
        }
        createDatabase();
        LOG.info(
                "started the embedded database [directory: {}, port: {}]",
                directory,
                connection().port());
    }

    /**
     * Starts PostgreSQL again if it died, on another port perhaps. Only an owner does so.
     *
     * @throws IOException when it does not start
     */
    public void ensureRunning() throws IOException {
        if (ownership.isPresent() && instance.running().isEmpty()) {
            launch();
        }
    }

    /** How to connect. */
    public DatabaseConfig.External connection() throws IOException {
        int port = instance.running()
                .orElseThrow(() -> new IOException("the embedded database in " + directory + " is not running"))
                .port();
        return new DatabaseConfig.External("127.0.0.1", port, NAME, NAME, password, poolSize);
    }

    /** Stops PostgreSQL, unless another process owns it; open transactions are rolled back. */
    @Override
    public void close() throws IOException {
        if (ownership.isPresent() && ownership.get().isValid()) {
            try {
                DataDirectoryOwner.remove(directory);
                instance.stop();
                LOG.info("stopped the embedded database [directory: {}]", directory);
            } finally {
                ownership.get().acquiredBy().close();
            }
        }
    }

    private void createDatabase() throws IOException {
        try (Connection connection =
                        JdbcSource.of(connection(), "postgres", QUERY_TIMEOUT).getConnection();
                PreparedStatement query = connection.prepareStatement("select 1 from pg_database where datname = ?");
                Statement statement = connection.createStatement()) {
            query.setString(1, NAME);
            if (!query.executeQuery().next()) {
                statement.execute("create database " + NAME);
            }
        } catch (SQLException e) {
            throw new IOException("cannot create the database " + NAME + ": " + e.getMessage(), e);
        }
    }

    private static Path prepare(DatabaseConfig.Embedded config) throws IOException {
        Path directory = config.dataDirectory().toAbsolutePath().normalize();
        try {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            throw new DataDirectoryUnusable("data_directory is " + directory + ", which cannot be made (" + e
                    + "); name a directory that the server's user can make and write to");
        }
        return directory;
    }

    private static PostgresInstance instance(Path directory) throws IOException {
        Path programs = PostgresBinaries.unpack(directory);
        return new PostgresInstance(programs, directory.resolve("data"), directory.resolve("postgresql.log"));
    }

    private static Optional<FileLock> lock(Path directory) throws IOException {
        FileChannel channel =
                FileChannel.open(directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        Optional<FileLock> lock;
        try {
            lock = Optional.ofNullable(channel.tryLock());
        } catch (OverlappingFileLockException e) {
            lock = Optional.empty();
        }
        if (lock.isEmpty()) {
            channel.close();
        }
        return lock;
    }

    private static String password(Path directory) throws IOException {
        Path file = directory.resolve("password");
        if (Files.notExists(file)) {
            byte[] random = new byte[32];
            new SecureRandom().nextBytes(random);
            Path unfinished = Files.createTempFile(directory, "password-", "");
            Files.writeString(unfinished, HexFormat.of().formatHex(random));
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        }
        return Files.readString(file).strip();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(Duration.ofMillis(100));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for the embedded database", e);
        }
    }

    private static IOException inUse(DatabaseConfig.Embedded config) {
        return new IOException("another process uses the embedded database in " + config.dataDirectory());
    }
}
