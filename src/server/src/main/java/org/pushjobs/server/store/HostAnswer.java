package org.pushjobs.server.store;

import org.pushjobs.config.DatabaseConfig;

/** What came of asking one of several hosts of a database whether it takes writes. */
sealed interface HostAnswer {
    DatabaseConfig.External host();

    /**
     * It takes writes.
     *
     * @param system tells a PostgreSQL cluster, with its replicas, from others
     * @param timeline is one higher after each promotion, so that of two that take writes the lower one was replaced
     */
    record Writable(DatabaseConfig.External host, long system, long timeline) implements HostAnswer {}

    /** It answers and takes none: a replica, or one that was told so. */
    record ReadOnly(DatabaseConfig.External host) implements HostAnswer {}

    /** It does not let us ask, or not in time. */
    record Failed(DatabaseConfig.External host, Throwable cause) implements HostAnswer {}
}
