package org.pushjobs.schema;

import java.time.Duration;
import org.postgresql.ds.PGSimpleDataSource;
import org.pushjobs.config.DatabaseConfig;

/** JDBC, for the few things that are done before the server's own client can be used, and for what has no other. */
public final class JdbcSource {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    private JdbcSource() {}

    /**
     * @param database the database to connect to, whatever the configuration says
     * @param readTimeout how long an answer may take, whole seconds
     */
    public static PGSimpleDataSource of(DatabaseConfig.External config, String database, Duration readTimeout) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {config.host()});
        source.setPortNumbers(new int[] {config.port()});
        source.setDatabaseName(database);
        source.setUser(config.user());
        source.setPassword(config.password());
        source.setApplicationName("pushjobs");
        source.setConnectTimeout((int) CONNECT_TIMEOUT.toSeconds());
        source.setLoginTimeout((int) CONNECT_TIMEOUT.toSeconds());
        source.setSocketTimeout((int) readTimeout.toSeconds());
        return source;
    }
}
