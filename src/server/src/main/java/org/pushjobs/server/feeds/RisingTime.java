package org.pushjobs.server.feeds;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Gives what is sent to one reader times that rise strictly, to the microsecond. Belongs to one event loop. */
final class RisingTime {
    private Instant last = Instant.EPOCH;

    /** The time itself, or the next one that is free. */
    Instant next(Instant at) {
        Instant whole = at.truncatedTo(ChronoUnit.MICROS);
        last = whole.isAfter(last) ? whole : last.plus(1, ChronoUnit.MICROS);
        return last;
    }
}
