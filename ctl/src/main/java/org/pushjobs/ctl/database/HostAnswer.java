package org.pushjobs.ctl.database;

import java.time.Duration;
import java.util.Objects;
import org.pushjobs.ctl.settings.PostgresHost;

/** What one of the hosts of a database says of itself. */
public sealed interface HostAnswer {
    PostgresHost host();

    /** For people, how it stands; goes on after its name. */
    String text();

    /** One that answers. */
    sealed interface Heard extends HostAnswer permits Writable, Replica, ReadOnly {
        /** Tells a PostgreSQL cluster, with its replicas, from others. */
        long system();

        /** One higher after each promotion. */
        int timeline();

        /** How much its clock is ahead of this machine's. */
        Duration clockAhead();
    }

    /**
     * It takes writes.
     *
     * @param isSynchronous whether it acknowledges nothing that no replica has, to the user who asks
     */
    record Writable(PostgresHost host, long system, int timeline, Duration clockAhead, boolean isSynchronous)
            implements Heard {
        public Writable {
            Objects.requireNonNull(host, "host");
            Objects.requireNonNull(clockAhead, "clockAhead");
        }

        @Override
        public String text() {
            return "takes writes (timeline " + timeline + ")";
        }
    }

    /**
     * It repeats what another one does.
     *
     * @param isConnected whether it gets that from the other one now
     */
    record Replica(PostgresHost host, long system, int timeline, Duration clockAhead, boolean isConnected)
            implements Heard {
        public Replica {
            Objects.requireNonNull(host, "host");
            Objects.requireNonNull(clockAhead, "clockAhead");
        }

        @Override
        public String text() {
            return "is a replica (timeline " + timeline + ")";
        }
    }

    /** It is no replica, and was told to take no writes. */
    record ReadOnly(PostgresHost host, long system, int timeline, Duration clockAhead) implements Heard {
        public ReadOnly {
            Objects.requireNonNull(host, "host");
            Objects.requireNonNull(clockAhead, "clockAhead");
        }

        @Override
        public String text() {
            return "is no replica and was told to take no writes (default_transaction_read_only)";
        }
    }

    /** It does not let us ask, or not in time. */
    record Silent(PostgresHost host, String reason) implements HostAnswer {
        public Silent {
            Objects.requireNonNull(host, "host");
            Objects.requireNonNull(reason, "reason");
        }

        @Override
        public String text() {
            return "says: " + reason;
        }
    }
}
