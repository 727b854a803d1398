package org.pushjobs.server.testing;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.pushjobs.config.DatabaseConfig;

/**
 * Gives tests a fresh, empty database: {@code @ExtendWith(PostgresExtension.class)} and a parameter of type
 * {@link DatabaseConfig.External}. Asked for by a test method or a {@code @BeforeEach} it lives as long as the test, and
 * both get the same; asked for by a constructor or a {@code @BeforeAll} it lives as long as the class.
 *
 * <p>The PostgreSQL server behind it is started once: in a container where a Docker engine answers, else the embedded one.
 * The log says which.
 */
public final class PostgresExtension implements ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(PostgresExtension.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == DatabaseConfig.External.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        TestPostgres server = context.getRoot()
                .getStore(NAMESPACE)
                .getOrComputeIfAbsent(TestPostgres.class, _ -> TestPostgres.start(), TestPostgres.class);
        return context.getStore(NAMESPACE)
                .getOrComputeIfAbsent(FreshDatabase.class, _ -> server.createDatabase(), FreshDatabase.class)
                .config();
    }

    /** A database that is dropped with the context it was made for. */
    record FreshDatabase(TestPostgres server, DatabaseConfig.External config) implements AutoCloseable {
        @Override
        public void close() {
            server.dropDatabase(config.database());
        }
    }
}
