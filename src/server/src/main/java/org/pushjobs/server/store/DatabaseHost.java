package org.pushjobs.server.store;

import java.io.IOException;
import java.util.Optional;
import org.pushjobs.config.DatabaseConfig;

/** Where the database runs. Blocking; used by one thread at a time. */
sealed interface DatabaseHost {
    /**
     * How to connect now; starts PostgreSQL where that is our business.
     *
     * @throws IOException when it does not start
     */
    DatabaseConfig.External connection() throws IOException;

    /** Whether it has a clock of its own, as far as can be seen. */
    boolean isOtherMachine();

    /** Stops what was started. */
    void close() throws IOException;

    /** Somebody else starts and stops it. */
    record Remote(DatabaseConfig.External connection) implements DatabaseHost {
        @Override
        public boolean isOtherMachine() {
            return !ThisMachine.is(connection.host());
        }

        @Override
        public void close() {
            // It goes on without us.
        }

        @Override
        public String toString() {
            return connection.toString();
        }
    }

    /** The embedded database of this process, or of another one that lets us use it. */
    final class Local implements DatabaseHost {
        /** {@link EmbeddedDatabase#start} or {@link EmbeddedDatabase#join}. */
        @FunctionalInterface
        interface Starter {
            EmbeddedDatabase start(DatabaseConfig.Embedded config) throws IOException;
        }

        private final DatabaseConfig.Embedded config;
        private final Starter starter;
        private Optional<EmbeddedDatabase> started = Optional.empty();

        Local(DatabaseConfig.Embedded config, Starter starter) {
            this.config = config;
            this.starter = starter;
        }

        @Override
        public DatabaseConfig.External connection() throws IOException {
            if (started.isPresent()) {
                started.get().ensureRunning();
            } else {
                started = Optional.of(starter.start(config));
            }
            return started.get().connection();
        }

        @Override
        public boolean isOtherMachine() {
            return false;
        }

        @Override
        public void close() throws IOException {
            if (started.isPresent()) {
                started.get().close();
                started = Optional.empty();
            }
        }

        @Override
        public String toString() {
            return "embedded in " + config.dataDirectory();
        }
    }
}
