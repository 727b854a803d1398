package org.pushjobs.ctl.settings;

import java.util.Objects;
import java.util.Optional;
import org.pushjobs.config.MemberAddress;

/**
 * Where a PostgreSQL server is.
 *
 * @param name or an IP address, one of version 6 without brackets
 * @param port from 1 to 65,535
 */
public record PostgresHost(String name, int port) {
    static final int DEFAULT_PORT = 5432;

    public PostgresHost {
        Objects.requireNonNull(name, "name");
    }

    /**
     * {@code HOST} or {@code HOST:PORT}, an address of version 6 in brackets; empty when the text is something else.
     *
     * @param defaultPort where the text has none
     */
    static Optional<PostgresHost> parse(String text, int defaultPort) {
        return MemberAddress.parse(text)
                .or(() -> MemberAddress.parse(text + ":" + defaultPort))
                .map(address -> new PostgresHost(address.host(), address.port()));
    }

    /** With its port, as it is parsed. */
    @Override
    public String toString() {
        return Installation.bracketed(name) + ":" + port;
    }
}
