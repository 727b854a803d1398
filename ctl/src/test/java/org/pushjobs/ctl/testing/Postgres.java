package org.pushjobs.ctl.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A PostgreSQL server, the embedded one, for tests with {@code @ExtendWith(Postgres.Extension.class)} and a parameter of this
 * type. Each test finds it without the roles and the database of the push jobs.
 */
public final class Postgres implements AutoCloseable {
    private final EmbeddedPostgres server;

    private Postgres(EmbeddedPostgres server) {
        this.server = server;
    }

    public int port() {
        return server.getPort();
    }

    /** The values of the first column. */
    public List<String> query(String database, String sql) throws SQLException {
        try (Connection connection = server.getDatabase("postgres", database).getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        }
    }

    public void execute(String database, String... statements) throws SQLException {
        try (Connection connection = server.getDatabase("postgres", database).getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** As one of the roles of the push jobs. */
    public void executeAs(String role, String database, String sql) throws SQLException {
        execute(database, "set role " + role, sql);
    }

    /** As it was before anything. */
    public void clear() throws SQLException {
        execute(
                "postgres",
                "drop database if exists opscode_pushy with (force)",
                "drop role if exists opscode_pushy",
                "drop role if exists opscode_pushy_ro");
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    /** Starts one server for all tests of a process. */
    public static final class Extension implements ParameterResolver, BeforeEachCallback {
        private static final Namespace NAMESPACE = Namespace.create(Postgres.class);

        private static Postgres server(ExtensionContext context) {
            return context.getRoot()
                    .getStore(NAMESPACE)
                    .getOrComputeIfAbsent(Postgres.class, _ -> start(), Postgres.class);
        }

        private static Postgres start() {
            try {
                return new Postgres(EmbeddedPostgres.builder().start());
            } catch (IOException e) {
                throw new IllegalStateException("PostgreSQL does not start", e);
            }
        }

        @Override
        public void beforeEach(ExtensionContext context) throws SQLException {
            server(context).clear();
        }

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == Postgres.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return server(context);
        }
    }
}
