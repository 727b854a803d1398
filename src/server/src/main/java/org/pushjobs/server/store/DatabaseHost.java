package org.pushjobs.server.store;

import io.vertx.core.Context;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.pushjobs.config.DatabaseConfig;

/** Where the database runs. Used on one context, and {@link #isOtherMachine} and {@link #close} on one worker at a time. */
sealed interface DatabaseHost permits DatabaseHost.Remote, DatabaseHost.Local, ReplicatedHosts {
    /**
     * How to connect now; starts PostgreSQL where that is our business. Fails when it does not start, or when there is nothing
     * to connect to.
     *
     * @param context of the database, for work that blocks
     */
    Future<DatabaseConfig.External> find(Context context);

    /** Whether what was found has a clock of its own, as far as can be seen. Blocking. */
    boolean isOtherMachine(DatabaseConfig.External found);

    /** All that may be found, by names for people. */
    List<String> names();

    /** Which of these was found. */
    String name(DatabaseConfig.External found);

    /** Stops what was started. Blocking. */
    void close() throws IOException;

    /** Somebody else starts and stops it. */
    record Remote(DatabaseConfig.External connection) implements DatabaseHost {
        @Override
        public Future<DatabaseConfig.External> find(Context context) {
            return Future.succeededFuture(connection);
        }

        @Override
        public boolean isOtherMachine(DatabaseConfig.External found) {
            return !ThisMachine.is(found.host());
        }

        @Override
        public List<String> names() {
            return List.of(connection.address());
        }

        @Override
        public String name(DatabaseConfig.External found) {
            return found.address();
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

        private static final String NAME = "embedded";

        private final DatabaseConfig.Embedded config;
        private final Starter starter;
        private Optional<EmbeddedDatabase> started = Optional.empty();

        Local(DatabaseConfig.Embedded config, Starter starter) {
            this.config = config;
            this.starter = starter;
        }

        @Override
        public Future<DatabaseConfig.External> find(Context context) {
            return context.executeBlocking(this::run);
        }

        private DatabaseConfig.External run() throws IOException {
            if (started.isPresent()) {
                started.get().ensureRunning();
            } else {
                started = Optional.of(starter.start(config));
            }
            return started.get().connection();
        }

        @Override
        public boolean isOtherMachine(DatabaseConfig.External found) {
            return false;
        }

        @Override
        public List<String> names() {
            return List.of(NAME);
        }

        @Override
        public String name(DatabaseConfig.External found) {
            return NAME;
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
