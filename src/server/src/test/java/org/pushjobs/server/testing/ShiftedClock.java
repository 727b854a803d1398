package org.pushjobs.server.testing;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;

/** The clock of a machine that a test sets forward and back. */
public final class ShiftedClock {
    private volatile Duration shift = Duration.ZERO;

    /** @param by from what is true, whatever it was before */
    public void shift(Duration by) {
        shift = by;
    }

    public Instant now() {
        return Instant.now().plus(shift);
    }

    public Clock clock() {
        InstantSource source = this::now;
        return source.withZone(ZoneOffset.UTC);
    }
}
