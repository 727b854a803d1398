package org.pushjobs.server.testing;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.postgresql.ds.PGSimpleDataSource;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.server.store.EmbeddedDatabase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** The PostgreSQL server of a test run. */
final class TestPostgres implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TestPostgres.class);
    private static final Path DOCKER_SOCKET = Path.of("/var/run/docker.sock");
    private static final String IMAGE = "postgres:18-alpine";
    private static final int POOL_SIZE = 8;

    private final DatabaseConfig.External admin;
    private final Closeable resource;

    private TestPostgres(DatabaseConfig.External admin, Closeable resource) {
        this.admin = admin;
        this.resource = resource;
    }

    static TestPostgres start() {
        if (!isDockerThere()) {
            LOG.info("tests use the embedded PostgreSQL [why: no Docker engine answers]");
            return embedded();
        }
        try {
            TestPostgres container = container();
            LOG.info("tests use PostgreSQL in a container [image: {}]", IMAGE);
            return container;
        } catch (RuntimeException e) {
            LOG.info(
                    "tests use the embedded PostgreSQL [why: the container does not start, cause: {}]", e.getMessage());
            return embedded();
        }
    }

    /** Looks at the socket first, because Testcontainers is loud about an engine that is not there. */
    private static boolean isDockerThere() {
        if (System.getenv("DOCKER_HOST") == null && !accepts(DOCKER_SOCKET)) {
            return false;
        }
        return DockerClientFactory.instance().isDockerAvailable();
    }

    private static boolean accepts(Path socket) {
        if (Files.notExists(socket)) {
            return false;
        }
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            return false;
        }
    }

    private static TestPostgres container() {
        PostgreSQLContainer container = new PostgreSQLContainer(IMAGE);
        container.start();
        return new TestPostgres(
                new DatabaseConfig.External(
                        container.getHost(),
                        container.getMappedPort(PostgreSQLContainer.POSTGRESQL_PORT),
                        container.getDatabaseName(),
                        container.getUsername(),
                        container.getPassword(),
                        POOL_SIZE),
                container::stop);
    }

    private static TestPostgres embedded() {
        try {
            Path directory = Files.createTempDirectory("pushjobs-test-");
            EmbeddedDatabase database = EmbeddedDatabase.start(new DatabaseConfig.Embedded(directory, 10 * POOL_SIZE));
            return new TestPostgres(database.connection(), () -> {
                database.close();
                deleteTree(directory);
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void deleteTree(Path root) throws IOException {
        List<Path> deepestFirst;
        try (Stream<Path> paths = Files.walk(root)) {
            deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : deepestFirst) {
            Files.delete(path);
        }
    }

    PostgresExtension.FreshDatabase createDatabase() {
        String name = "test_" + UUID.randomUUID().toString().replace("-", "");
        execute("create database " + name + " template template0 encoding 'UTF8'");
        return new PostgresExtension.FreshDatabase(
                this,
                new DatabaseConfig.External(
                        admin.host(), admin.port(), name, admin.user(), admin.password(), POOL_SIZE));
    }

    void dropDatabase(String name) {
        execute("drop database " + name + " with (force)");
    }

    private void execute(String sql) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {admin.host()});
        source.setPortNumbers(new int[] {admin.port()});
        source.setDatabaseName(admin.database());
        source.setUser(admin.user());
        source.setPassword(admin.password());
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql + " failed", e);
        }
    }

    @Override
    public void close() throws IOException {
        resource.close();
    }
}
