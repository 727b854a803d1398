package org.pushjobs.agent.execution;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what a process writes, as it is written. It never waits inside a read: a child that the command leaves behind keeps
 * the pipes open, and the command's end must be seen all the same. Used by one thread.
 */
abstract class Pump {
    private static final Logger LOG = LoggerFactory.getLogger(Pump.class);

    /** How long what the command left in its pipes is read, for the case that a child goes on writing. */
    private static final Duration READ_AFTER_EXIT = Duration.ofSeconds(1);

    private final long longestPauseMillis;

    /** @param longestPauseMillis between two looks while nothing comes */
    Pump(long longestPauseMillis) {
        this.longestPauseMillis = longestPauseMillis;
    }

    /** Reads some of what is there, and returns whether that was anything. */
    abstract boolean readSome() throws IOException;

    /** Nothing more is read of what the process wrote. */
    abstract void end() throws IOException;

    /** Reads until the event has happened. */
    final void runUntil(CompletableFuture<?> event) {
        long pause = 1;
        while (!event.isDone()) {
            if (readAny()) {
                pause = 1;
            } else {
                awaitBriefly(event, pause);
                pause = Math.min(2 * pause, longestPauseMillis);
            }
        }
    }

    /** Reads what is left after the end of the process. */
    final void finish() {
        long deadline = System.nanoTime() + READ_AFTER_EXIT.toNanos();
        while (readAny() && System.nanoTime() - deadline < 0) {
            Thread.onSpinWait();
        }
        try {
            end();
        } catch (IOException e) {
            LOG.debug("closing a command's output failed [cause: {}]", e.toString());
        }
    }

    private boolean readAny() {
        try {
            return readSome();
        } catch (IOException e) {
            LOG.debug("reading a command's output failed [cause: {}]", e.toString());
            return false;
        }
    }

    private static void awaitBriefly(CompletableFuture<?> event, long millis) {
        try {
            event.get(millis, TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // nothing new, or the event is there: the caller looks
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
