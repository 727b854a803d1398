package org.pushjobs.agent.execution;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.pushjobs.protocol.message.OutputChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what a process writes into a spool. Both streams are read as they fill, so that neither blocks the other. It never
 * waits inside a read: a child that the command leaves behind keeps the pipes open, and the command's end must be seen all
 * the same. Used by one thread.
 */
final class OutputPump {
    private static final Logger LOG = LoggerFactory.getLogger(OutputPump.class);
    private static final long LONGEST_PAUSE_MILLIS = 50;
    private static final int BUFFER_BYTES = 65_536;

    /** How long what the command left in its pipes is read, for the case that a child goes on writing. */
    private static final Duration READ_AFTER_EXIT = Duration.ofSeconds(1);

    private final InputStream stdout;
    private final InputStream stderr;
    private final OutputSpool spool;
    private final Runnable whenMore;
    private final byte[] buffer = new byte[BUFFER_BYTES];

    /** @param whenMore called when the spool has more */
    OutputPump(Process process, OutputSpool spool, Runnable whenMore) {
        this.stdout = process.getInputStream();
        this.stderr = process.getErrorStream();
        this.spool = spool;
        this.whenMore = whenMore;
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

    /** Reads what is left after the end of the process, and seals the spool. */
    void finish() {
        long deadline = System.nanoTime() + READ_AFTER_EXIT.toNanos();
        while (readBoth() && System.nanoTime() - deadline < 0) {
            Thread.onSpinWait();
        }
        spool.seal();
        try {
            stdout.close();
            stderr.close();
        } catch (IOException e) {
            LOG.debug("closing a command's output failed [cause: {}]", e.toString());
        }
    }

    private boolean readBoth() {
        try {
            return read(stdout, OutputChannel.STDOUT) | read(stderr, OutputChannel.STDERR);
        } catch (IOException e) {
            LOG.debug("reading a command's output failed [cause: {}]", e.toString());
            return false;
        }
    }

    private boolean read(InputStream stream, OutputChannel channel) throws IOException {
        int available = stream.available();
        int count = available <= 0 ? 0 : stream.read(buffer, 0, Math.min(available, BUFFER_BYTES));
        if (count <= 0) {
            return false;
        }
        SpooledChannel spooled = spool.channel(channel);
        long before = spooled.size();
        spooled.write(buffer, count);
        if (spooled.size() > before) {
            whenMore.run();
        }
        return true;
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
