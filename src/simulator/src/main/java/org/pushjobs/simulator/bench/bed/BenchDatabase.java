package org.pushjobs.simulator.bench.bed;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;

/**
 * The PostgreSQL server that the measured server uses: a process of its own that survives it, with everything that makes
 * commits durable switched on.
 */
public final class BenchDatabase implements AutoCloseable {
    private static final String USER = "postgres";
    private static final String NAME = "opscode_pushy";

    private final EmbeddedPostgres postgres;

    private BenchDatabase(EmbeddedPostgres postgres) {
        this.postgres = postgres;
    }

    /** @param directory for its data; removed when it is closed */
    public static BenchDatabase start(Path directory) throws IOException {
        EmbeddedPostgres postgres = EmbeddedPostgres.builder()
                .setDataDirectory(directory)
                .setCleanDataDirectory(true)
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .start();
        BenchDatabase database = new BenchDatabase(postgres);
        try (Connection connection = DriverManager.getConnection(postgres.getJdbcUrl(USER, "postgres"));
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + NAME + " template template0 encoding 'UTF8'");
        } catch (SQLException e) {
            database.close();
            throw new BenchException("the database cannot be made", e);
        }
        return database;
    }

    /** For the server's setting {@code database}. */
    public String url() {
        return "postgresql://" + USER + ":@127.0.0.1:" + postgres.getPort() + "/" + NAME;
    }

    /** When each node fetched its configuration last. */
    public Map<String, String> fetchTimes() {
        Map<String, String> times = new HashMap<>();
        try (Connection connection = DriverManager.getConnection(postgres.getJdbcUrl(USER, NAME));
                Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery("select node_name, max(fetched_at) from node_keys group by node_name")) {
            while (rows.next()) {
                times.put(rows.getString(1), rows.getString(2));
            }
        } catch (SQLException e) {
            throw new BenchException("the times of configuration requests cannot be read", e);
        }
        return times;
    }

    /** Gives the cluster a new incarnation, as new keys would; to be called while no server runs. */
    public void renewIncarnation() {
        try (Connection connection = DriverManager.getConnection(postgres.getJdbcUrl(USER, NAME));
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("update cluster set incarnation_id = gen_random_uuid(), key_epoch = key_epoch + 1");
        } catch (SQLException e) {
            throw new BenchException("the incarnation cannot be changed", e);
        }
    }

    @Override
    public void close() throws IOException {
        postgres.close();
    }
}
