package org.pushjobs.server.store;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/** Instants from and to the database's types, in microseconds. */
final class Times {
    private Times() {}

    /** For {@code timestamp}, which the original keeps in UTC. */
    static LocalDateTime local(Instant instant) {
        return LocalDateTime.ofInstant(instant.truncatedTo(ChronoUnit.MICROS), ZoneOffset.UTC);
    }

    static Instant instant(LocalDateTime time) {
        return time.toInstant(ZoneOffset.UTC);
    }

    /** For {@code timestamptz}. */
    static OffsetDateTime offset(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    }
}
