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
 * Reads both output streams of a process as they fill. It never waits inside a read: a child that the command leaves
 * behind keeps the pipes open, and the command's end must be seen all the same. Used by one thread.
 */
final class OutputPump {
    private static final Logger LOG = LoggerFactory.getLogger(OutputPump.class);
    private static final long LONGEST_PAUSE_MILLIS = 50;

    /** How long what the command left in its pipes is read, for the case that a child goes on writing. */
    private static final Duration READ_AFTER_EXIT = Duration.ofSeconds(1);

    private final Process process;
    private final BoundedCapture stdout;
    private final BoundedCapture stderr;

    /** @param limitBytes the most that is kept of either stream */
    OutputPump(Process process, int limitBytes) {
        this.process = process;
        this.stdout = new BoundedCapture(process.getInputStream(), limitBytes);
        this.stderr = new BoundedCapture(process.getErrorStream(), limitBytes);
    }

    /** Reads until the event has happened. */
    void runUntil(CompletableFuture<?> event) {
        long pause = 1;
        while (!event.isDone()) {
            if (readBoth()) {
                pause = 1;
            } else {
                awaitBriefly(event, pause);
                pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
            }
        }
    }

    /** Reads what is left after the end of the process. */
    void finish() {
        long deadline = System.nanoTime() + READ_AFTER_EXIT.toNanos();
        while (readBoth() && System.nanoTime() - deadline < 0) {
            Thread.onSpinWait();
        }
        try {
            process.getInputStream().close();
            process.getErrorStream().close();
        } catch (IOException e) {
            LOG.debug("closing a command's output failed [cause: {}]", e.toString());
        }
    }

    private boolean readBoth() {
        try {
            return stdout.readAvailable() | stderr.readAvailable();
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

    Captured captured() {
        return new Captured(stdout.kept(), stderr.kept(), stdout.totalBytes() + stderr.totalBytes());
    }
}
