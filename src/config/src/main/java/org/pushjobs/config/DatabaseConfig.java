package org.pushjobs.config;

import java.nio.file.Path;
import java.util.Objects;

/** Where the data is. */
public sealed interface DatabaseConfig {
    /** Connections kept at most. */
    int poolSize();

    /** A PostgreSQL server that this process starts and stops; its data stays in the directory between runs. */
    record Embedded(Path dataDirectory, int poolSize) implements DatabaseConfig {
        public Embedded {
            Objects.requireNonNull(dataDirectory, "dataDirectory");
        }
    }

    /** A PostgreSQL server of somebody else's. Never printed with its password. */
    record External(String host, int port, String database, String user, String password, int poolSize)
            implements DatabaseConfig {
        public External {
            Objects.requireNonNull(host, "host");
            Objects.requireNonNull(database, "database");
            Objects.requireNonNull(user, "user");
            Objects.requireNonNull(password, "password");
        }

        @Override
        public String toString() {
            return "External[" + user + "@" + host + ":" + port + "/" + database + "]";
        }
    }
}
