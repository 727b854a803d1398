package org.pushjobs.server.feeds;

import io.vertx.core.Vertx;
import java.util.Optional;
import org.pushjobs.server.ServerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One reader's way through a feed. It has a position, not a queue: what its connection does not take now is fetched again
 * when there is room, from memory or from the database. So a slow reader costs no memory, and where history ends and live
 * events begin makes no difference.
 */
final class FeedReader {
    private static final Logger LOG = LoggerFactory.getLogger(FeedReader.class);
    private static final long RETRY_MILLIS = 1_000;

    private final Vertx vertx;
    private final FeedLog log;
    private final SseStream stream;
    private final Ending ending;
    private long position;
    private boolean mustAsk = true;
    private boolean asking;

    /** When the server closes the feed. */
    enum Ending {
        /** After the last event of a job. */
        WITH_LAST_EVENT,
        /** When all that the database has is sent. */
        WITH_HISTORY,
        NEVER
    }

    /** @param position of the event that the reader had last; 0 for none */
    FeedReader(Vertx vertx, FeedLog log, SseStream stream, Ending ending, long position) {
        this.vertx = vertx;
        this.log = log;
        this.stream = stream;
        this.ending = ending;
        this.position = position;
    }

    SseStream stream() {
        return stream;
    }

    /** Looks into the database even if nothing was announced. */
    void askAgain() {
        mustAsk = true;
        advance();
    }

    /** Sends what there is and the connection takes. */
    void advance() {
        while (!asking && !stream.isClosed() && !stream.isFull()) {
            Optional<FeedChunk> next = log.after(position);
            if (next.isPresent()) {
                send(next.get());
            } else if (mustAsk || position < log.end()) {
                ask();
            } else if (ending == Ending.WITH_HISTORY) {
                stream.end();
            } else {
                return;
            }
        }
    }

    private void send(FeedChunk chunk) {
        stream.write(chunk.bytes());
        position = chunk.last();
        if (chunk.ends() && ending == Ending.WITH_LAST_EVENT) {
            stream.end();
        }
    }

    private void ask() {
        asking = true;
        mustAsk = false;
        log.read(position).onSuccess(this::answered).onFailure(this::failed);
    }

    private void answered(FeedLog.Page page) {
        asking = false;
        for (FeedChunk chunk : page.chunks()) {
            if (stream.isClosed() || stream.isFull()) {
                mustAsk = true;
                return;
            }
            send(chunk);
        }
        mustAsk |= page.more();
        advance();
    }

    private void failed(Throwable cause) {
        mustAsk = true;
        if (cause instanceof ServerException refusal && refusal.status() == ServerException.UNAVAILABLE) {
            LOG.debug("a feed waits for the database [feed: {}, error: {}]", stream.name(), cause.getMessage());
            vertx.setTimer(RETRY_MILLIS, _ -> {
                asking = false;
                advance();
            });
        } else {
            LOG.error("the history of a feed cannot be read [feed: {}]", stream.name(), cause);
            stream.cut("its history cannot be read");
        }
    }
}
