package org.pushjobs.server.gateway;

import java.time.Duration;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * The time in which agents could have fetched their configuration from this process: it stands still while the database or the
 * directory is away, or the whole process. Begins at 0 with each process. Usable from any thread.
 */
public final class ServiceTime {
    /** More than that between two looks at it is a process that stood still. */
    private static final long LONGEST_STEP_MILLIS = Duration.ofMinutes(1).toMillis();

    private final LongSupplier monotonicMillis;
    private final BooleanSupplier ready;
    private long lastMillis;
    private long total;
    private boolean working = true;

    /**
     * @param monotonicMillis a clock that only goes forward
     * @param ready whether requests are served at all
     */
    public ServiceTime(LongSupplier monotonicMillis, BooleanSupplier ready) {
        this.monotonicMillis = Objects.requireNonNull(monotonicMillis, "monotonicMillis");
        this.ready = Objects.requireNonNull(ready, "ready");
        this.lastMillis = monotonicMillis.getAsLong();
    }

    /** A configuration was handed out, or refused with the directory's word. */
    public synchronized void works() {
        millis();
        working = true;
    }

    /** A request for a configuration failed because of this server, its database or its directory. */
    public synchronized void fails() {
        millis();
        working = false;
    }

    /** Whether it goes on at the moment. */
    synchronized boolean isRunning() {
        return working && ready.getAsBoolean();
    }

    /** To be asked at least once a minute: a longer time counts as a minute. */
    synchronized long millis() {
        long now = monotonicMillis.getAsLong();
        if (isRunning()) {
            total += Math.min(now - lastMillis, LONGEST_STEP_MILLIS);
        }
        lastMillis = now;
        return total;
    }
}
