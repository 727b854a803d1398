package org.pushjobs.server.feeds;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.Objects;

/**
 * The body of a long answer on its way to the operating system: counts what waits here for its reader, in bytes, and notices
 * a reader that does not read, also one that does not read the end. Vert.x's own {@code writeQueueFull} does not serve for
 * that: behind a connection that takes no more it lets 16 writes wait, however large they are, and counts no bytes.
 * Belongs to the event loop of the connection.
 */
public final class Outflow {
    private static final long NO_TIMER = -1;

    private final Vertx vertx;
    private final HttpServerResponse response;
    private final FeedLimits limits;
    private final Listener listener;
    private final int half;
    private long waiting;
    private long taken;
    private boolean full;
    private boolean stopped;
    private long stallTimer = NO_TIMER;

    /** Who writes. Never called from within {@link #write} or {@link #end}, nor after {@link #stop}. */
    public interface Listener {
        /** There is room again: {@link #isFull} has become false. */
        void drained();

        /** The reader has for {@link FeedLimits#stallTimeout} taken neither half of what may wait for it nor all there is. */
        void stalled();
    }

    /** @param response whose head can be sent; with it nothing else is written to */
    public Outflow(Vertx vertx, HttpServerResponse response, FeedLimits limits, Listener listener) {
        this.vertx = Objects.requireNonNull(vertx, "vertx");
        this.response = Objects.requireNonNull(response, "response");
        this.limits = Objects.requireNonNull(limits, "limits");
        this.listener = Objects.requireNonNull(listener, "listener");
        this.half = (limits.bufferedBytes() + 1) / 2;
    }

    /** Whether as much waits for the reader as may; whoever writes all the same is not refused. */
    public boolean isFull() {
        return full;
    }

    /** A failure is the end of the connection, which the response's own handlers are told of. */
    public void write(Buffer bytes) {
        // in pieces, so that a reader who takes some of a large one is seen to read
        for (int from = 0; from < bytes.length(); from += half) {
            int length = Math.min(half, bytes.length() - from);
            waiting += length;
            response.write(bytes.slice(from, from + length)).onComplete(result -> wentOut(length, result));
        }
        if (waiting >= limits.bufferedBytes() && !stopped) {
            full = true;
            watch();
        }
    }

    /** @return succeeds when everything has gone to the operating system, fails when the connection ended before */
    public Future<Void> end() {
        Future<Void> sent = response.end();
        if (!sent.isComplete() && !stopped) {
            watch();
        }
        return sent.onComplete(_ -> stop());
    }

    /** From now on nobody is told of anything: nothing will be written, or nobody is there to read. */
    public void stop() {
        stopped = true;
        stopTimer();
    }

    private void wentOut(int length, AsyncResult<Void> result) {
        waiting -= length;
        taken += length;
        if (result.failed()) {
            stop();
        } else if (full && waiting <= half && !response.ended()) {
            full = false;
            stopTimer();
            // not here: it may be within a write
            vertx.runOnContext(_ -> drained());
        }
    }

    private void drained() {
        if (!full && !stopped) {
            listener.drained();
        }
    }

    private void watch() {
        if (stallTimer == NO_TIMER) {
            long takenBefore = taken;
            stallTimer = vertx.setTimer(limits.stallTimeout().toMillis(), _ -> {
                stallTimer = NO_TIMER;
                if (taken - takenBefore >= half) {
                    watch();
                } else {
                    stop();
                    listener.stalled();
                }
            });
        }
    }

    private void stopTimer() {
        if (stallTimer != NO_TIMER) {
            vertx.cancelTimer(stallTimer);
            stallTimer = NO_TIMER;
        }
    }
}
