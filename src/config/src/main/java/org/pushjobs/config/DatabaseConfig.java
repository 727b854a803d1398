package org.pushjobs.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

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

        /** Host and port, as in a URL. */
        public String address() {
            return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        }

        @Override
        public String toString() {
            return "External[" + user + "@" + address() + "/" + database + "]";
        }
    }

    /**
     * Several PostgreSQL servers with the same data, of which one takes writes, now this one and now that. Never printed with
     * the password.
     *
     * @param hosts at least two, which differ in nothing but where they are
     */
    record Replicated(List<External> hosts) implements DatabaseConfig {
        public Replicated {
            hosts = List.copyOf(hosts);
            if (hosts.size() < 2) {
                throw new IllegalArgumentException("one host is no replication");
            }
        }

        @Override
        public int poolSize() {
            return hosts.getFirst().poolSize();
        }

        @Override
        public String toString() {
            External first = hosts.getFirst();
            return "Replicated[" + first.user() + "@"
                    + hosts.stream().map(External::address).collect(Collectors.joining(",")) + "/" + first.database()
                    + "]";
        }
    }
}
