package org.pushjobs.server.feeds;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection of one reader of something that grows: over HTTP/1.1 in chunks, over HTTP/1.0 up to the end of the connection
 * (rest-api.md, "Behind the proxy"). It never waits for a reader: one that does not read is cut off, also one that does not
 * read the end. Belongs to the event loop of its connection.
 */
public final class LiveStream {
    /** Of event feeds. */
    public static final String EVENTS = "text/event-stream";

    /** Of output. */
    public static final String BYTES = "application/octet-stream";

    private static final Logger LOG = LoggerFactory.getLogger(LiveStream.class);
    private static final Buffer KEEP_ALIVE = Buffer.buffer(":keepalive\n\n");
    private static final long NO_TIMER = -1;

    private final Vertx vertx;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final String name;
    private final Outflow out;
    private final String mediaType;
    private final Optional<Duration> keepAliveTime;
    private final Owner owner;
    private Runnable whenDrained = () -> {};
    private Runnable whenClosed = () -> {};
    private long lastWriteNanos;
    private long keepAliveTimer = NO_TIMER;
    private State state = State.OPEN;

    private enum State {
        OPEN,
        /** Nothing is written any more, but not all of it is sent. */
        ENDING,
        CLOSED
    }

    /** Learns of the end of streams. */
    interface Owner {
        /** The connection is gone, or all was sent. */
        void streamClosed(LiveStream stream);

        void streamCut(LiveStream stream);
    }

    private LiveStream(
            Vertx vertx,
            HttpServerRequest request,
            String name,
            FeedLimits limits,
            String mediaType,
            Optional<Duration> keepAliveTime,
            Owner owner) {
        this.vertx = vertx;
        this.request = request;
        this.response = request.response();
        this.name = name;
        this.out = new Outflow(vertx, response, limits, new Outflow.Listener() {
            @Override
            public void drained() {
                whenDrained.run();
            }

            @Override
            public void stalled() {
                cut("it has not read for " + limits.stallTimeout().toSeconds() + " s");
            }
        });
        this.mediaType = mediaType;
        this.keepAliveTime = keepAliveTime;
        this.owner = owner;
    }

    /**
     * Server-Sent Events.
     *
     * @param name of the feed, for the log
     * @param keepAliveTime after so much silence a comment is sent
     */
    static LiveStream events(
            Vertx vertx,
            HttpServerRequest request,
            String name,
            FeedLimits limits,
            Duration keepAliveTime,
            Owner owner) {
        return new LiveStream(vertx, request, name, limits, EVENTS, Optional.of(keepAliveTime), owner);
    }

    /**
     * Bytes that mean nothing here.
     *
     * @param name of what is sent, for the log
     */
    static LiveStream bytes(Vertx vertx, HttpServerRequest request, String name, FeedLimits limits, Owner owner) {
        return new LiveStream(vertx, request, name, limits, BYTES, Optional.empty(), owner);
    }

    /** Sends the head. */
    void begin() {
        response.putHeader(HttpHeaders.CONTENT_TYPE, mediaType)
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
                .putHeader("X-Accel-Buffering", "no");
        if (request.version() == HttpVersion.HTTP_1_0) {
            response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        } else {
            response.setChunked(true);
        }
        // the head alone: Vert.x refuses to send one without a length, except before data over HTTP/1.0
        response.write(Buffer.buffer());
        lastWriteNanos = System.nanoTime();
        keepAliveTime.ifPresent(time -> startKeepAlive(time.toNanos(), time.toNanos()));
    }

    /** @param action called when {@link #isFull} has become false */
    void whenDrained(Runnable action) {
        whenDrained = action;
    }

    /** @param action called once, when nothing can be written any more */
    void whenClosed(Runnable action) {
        whenClosed = action;
    }

    String name() {
        return name;
    }

    /** Whether nothing can be written any more. */
    boolean isClosed() {
        return state != State.OPEN;
    }

    /** Whether as much waits for the reader as may. */
    boolean isFull() {
        return out.isFull();
    }

    void write(Buffer bytes) {
        out.write(bytes);
        lastWriteNanos = System.nanoTime();
    }

    /** Ends it in good order, once all is sent; until then it is not closed. */
    void end() {
        if (state == State.OPEN) {
            state = State.ENDING;
            leave();
            out.end().onComplete(sent -> {
                if (sent.succeeded() && request.version() == HttpVersion.HTTP_1_0) {
                    request.connection().close();
                }
                close();
            });
        }
    }

    /** Closes the connection at once, so that the reader does not take what it has for all of it. */
    public void cut(String reason) {
        if (state != State.CLOSED) {
            LOG.info(
                    "reader of a feed cut off [feed: {}, address: {}, reason: {}]",
                    name,
                    request.remoteAddress(),
                    reason);
            owner.streamCut(this);
            close();
            HungReader.cutOff(request.connection());
        }
    }

    /** To be called when the connection is gone, or the answer at its end; then it may still have to be sent. */
    public void closed() {
        if (state == State.OPEN) {
            close();
        }
    }

    private void close() {
        if (state == State.CLOSED) {
            return;
        }
        State before = state;
        state = State.CLOSED;
        out.stop();
        if (before == State.OPEN) {
            leave();
        }
        owner.streamClosed(this);
    }

    /** Nothing will be written any more. */
    private void leave() {
        if (keepAliveTimer != NO_TIMER) {
            vertx.cancelTimer(keepAliveTimer);
        }
        whenClosed.run();
    }

    private void startKeepAlive(long intervalNanos, long restNanos) {
        long millis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(restNanos));
        keepAliveTimer = vertx.setTimer(millis, _ -> {
            long rest = lastWriteNanos + intervalNanos - System.nanoTime();
            if (rest > 0) {
                startKeepAlive(intervalNanos, rest);
                return;
            }
            if (!isFull()) {
                write(KEEP_ALIVE);
            }
            startKeepAlive(intervalNanos, intervalNanos);
        });
    }
}
