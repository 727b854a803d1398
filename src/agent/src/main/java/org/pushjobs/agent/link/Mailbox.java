package org.pushjobs.agent.link;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands work from other threads to the one that owns the sockets and the state, and wakes it. Bounded: who posts into a
 * full one waits, so only threads that may block post; all others use {@link #wake}.
 */
final class Mailbox implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Mailbox.class);
    private static final int CAPACITY = 64;
    private static final long CLOSED_CHECK_MILLIS = 100;

    private final BlockingQueue<Runnable> tasks = new ArrayBlockingQueue<>(CAPACITY);
    private final Pipe pipe;
    private final Selector selector;
    private final ByteBuffer wakeUps = ByteBuffer.allocateDirect(16);
    private final AtomicBoolean signalled = new AtomicBoolean();
    private volatile boolean closed;

    Mailbox() {
        try {
            pipe = Pipe.open();
            pipe.source().configureBlocking(false);
            pipe.sink().configureBlocking(false);
            selector = Selector.open();
            pipe.source().register(selector, SelectionKey.OP_READ);
        } catch (IOException e) {
            throw new UncheckedIOException("no pipe to wake the agent with", e);
        }
    }

    /** Runs the task on the owner's thread; dropped once the mailbox is closed. */
    void post(Runnable task) {
        try {
            while (!closed && !tasks.offer(task, CLOSED_CHECK_MILLIS, TimeUnit.MILLISECONDS)) {
                wake();
            }
            wake();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Makes the owner look around. Never blocks. */
    void wake() {
        if (!closed && signalled.compareAndSet(false, true)) {
            try {
                pipe.sink().write(ByteBuffer.wrap(new byte[1]));
            } catch (IOException e) {
                LOG.debug("waking the agent failed [cause: {}]", e.toString());
            }
        }
    }

    /** Readable after a wake-up. */
    SelectableChannel channel() {
        return pipe.source();
    }

    /** Waits for a wake-up, or the time to pass; for the owner's thread while it has no sockets to wait for as well. */
    void await(long millis) {
        try {
            if (millis > 0) {
                selector.select(millis);
            } else {
                selector.selectNow();
            }
            selector.selectedKeys().clear();
        } catch (IOException e) {
            throw new UncheckedIOException("waiting for the pipe that wakes the agent failed", e);
        }
    }

    /** Runs what was posted; for the owner's thread. */
    void runAll() {
        try {
            // whether something was signalled or not: who signals writes a moment later, and what is left would wake us
            // again
            pipe.source().read(wakeUps.clear());
        } catch (IOException e) {
            throw new UncheckedIOException("the pipe that wakes the agent broke", e);
        }
        signalled.set(false);
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    @Override
    public void close() {
        closed = true;
        tasks.clear();
        try {
            pipe.sink().close();
            pipe.source().close();
            selector.close();
        } catch (IOException e) {
            LOG.debug("closing a pipe failed [cause: {}]", e.toString());
        }
    }
}
