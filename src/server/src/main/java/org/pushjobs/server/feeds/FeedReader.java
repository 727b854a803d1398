package org.pushjobs.server.feeds;

import io.vertx.core.Vertx;
import java.util.List;
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
    private final LiveStream stream;
    private final Ending ending;
    private final Optional<OutputEvents> output;
    private long position;
    private boolean outputIsComplete;
    private boolean waitsForOutput;
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

    /**
     * @param output where the reader wants output, too
     * @param position of the event that the reader had last; 0 for none
     */
    FeedReader(
            Vertx vertx, FeedLog log, LiveStream stream, Ending ending, Optional<OutputEvents> output, long position) {
        this.output = output;
        this.vertx = vertx;
        this.log = log;
        this.stream = stream;
        this.ending = ending;
        this.position = position;
    }

    LiveStream stream() {
        return stream;
    }

    /** Looks into the database even if nothing was announced. */
    void askAgain() {
        mustAsk = true;
        advance();
    }

    /** Sends what there is and the connection takes. */
    void advance() {
        if (position > 0) {
            output.ifPresent(events -> events.begin(List.of()));
        }
        while (!asking && !waitsForOutput && !stream.isClosed() && !stream.isFull()) {
            Optional<FeedChunk> next = log.after(position);
            if (next.isPresent()) {
                sendInTurn(next.get());
            } else if (mustAsk || position < log.end()) {
                ask();
            } else if (ending == Ending.WITH_HISTORY) {
                stream.end();
            } else {
                return;
            }
        }
    }

    /** All output comes after the start of the job and before its end. */
    private void sendInTurn(FeedChunk chunk) {
        if (!chunk.ends() || output.isEmpty() || outputIsComplete) {
            send(chunk);
            return;
        }
        waitsForOutput = true;
        output.get().sendAllThen(chunk.stamps().getFirst().at(), () -> {
            outputIsComplete = true;
            waitsForOutput = false;
            mustAsk = true;
            advance();
        });
    }

    private void send(FeedChunk chunk) {
        stream.write(output.map(events -> chunk.bytes(events.time())).orElse(chunk.bytes()));
        position = chunk.last();
        output.ifPresent(events -> events.begin(chunk.begun()));
        if (chunk.ends() && ending == Ending.WITH_LAST_EVENT) {
            stream.end();
        }
    }

    /** The stream is closed. */
    void close() {
        output.ifPresent(OutputEvents::close);
    }

    private void ask() {
        asking = true;
        mustAsk = false;
        log.read(position).onSuccess(this::answered).onFailure(this::failed);
    }

    private void answered(FeedLog.Page page) {
        asking = false;
        for (FeedChunk chunk : page.chunks()) {
            if (waitsForOutput || stream.isClosed() || stream.isFull()) {
                mustAsk = true;
                return;
            }
            sendInTurn(chunk);
        }
        mustAsk |= page.more();
        advance();
    }

    private void failed(Throwable cause) {
        mustAsk = true;
        if (ServerException.isTemporary(cause)) {
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
