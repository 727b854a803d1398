package org.pushjobs.simulator.report;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.pushjobs.simulator.fleet.Fleet;

/** Tells about a fleet regularly, and once at the end. Usable from any thread. */
public final class Reporter implements AutoCloseable {
    private static final long LOOK_MILLIS = 50;

    /** What a report looks like. */
    public enum Form {
        /** A line for people. */
        TEXT,
        /** A line with a JSON object. */
        JSON
    }

    private final Fleet fleet;
    private final Clock clock;
    private final PrintStream out;
    private final Form form;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("report").factory());
    private long startedNanos = System.nanoTime();
    private OptionalLong allAvailableMillis = OptionalLong.empty();
    private Optional<Snapshot> last = Optional.empty();

    /** Reports nothing by itself before {@link #every}. */
    public Reporter(Fleet fleet, Clock clock, PrintStream out, Form form) {
        this.fleet = fleet;
        this.clock = clock;
        this.out = out;
        this.form = form;
        timer.scheduleAtFixedRate(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Prints a report each time so many milliseconds have passed. */
    public void every(long millis) {
        timer.scheduleAtFixedRate(this::print, millis, millis, TimeUnit.MILLISECONDS);
    }

    /** The agents are being started; times count from now on. */
    public synchronized void started() {
        startedNanos = System.nanoTime();
        allAvailableMillis = OptionalLong.empty();
    }

    private synchronized void look() {
        if (allAvailableMillis.isEmpty()
                && fleet.state().available() == fleet.settings().nodes()) {
            allAvailableMillis = OptionalLong.of(elapsedMillis());
        }
    }

    private long elapsedMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNanos);
    }

    public synchronized Snapshot snapshot() {
        return Snapshot.of(fleet, clock.instant(), elapsedMillis(), allAvailableMillis);
    }

    /** Prints a report now. */
    public synchronized void print() {
        Snapshot now = snapshot();
        out.println(
                switch (form) {
                    case TEXT -> now.line(last);
                    case JSON -> now.json();
                });
        out.flush();
        last = Optional.of(now);
    }

    /** Writes the present state to a file. */
    public void write(Path file) throws IOException {
        Files.writeString(file, snapshot().json() + System.lineSeparator());
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
