package org.pushjobs.server.feeds;

import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.jobs.StoredOutput;
import org.pushjobs.server.store.OutputReads;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The events {@code output} in the feed of one job for one reader who wants them, in the order in which the output was stored.
 * It has a position, not a queue, as {@link FeedReader} has. Belongs to the event loop of the feed.
 */
final class OutputEvents {
    private static final Logger LOG = LoggerFactory.getLogger(OutputEvents.class);
    private static final int PAGE_PARTS = 4;
    private static final long RETRY_MILLIS = 1_000;

    private final Vertx vertx;
    private final OutputReads outputs;
    private final String jobId;
    private final LiveStream stream;
    private final Clock clock;
    private final MessageConsumer<StoredOutput> subscription;
    private Optional<Runnable> whenAllIsSent = Optional.empty();
    private long position;
    private boolean begun;
    private boolean mustAsk = true;
    private boolean asking;

    OutputEvents(Vertx vertx, OutputReads outputs, String jobId, LiveStream stream, Clock clock) {
        this.vertx = vertx;
        this.outputs = outputs;
        this.jobId = jobId;
        this.stream = stream;
        this.clock = clock;
        this.subscription = vertx.eventBus().localConsumer(StoredOutput.addressOfJob(jobId), _ -> askAgain());
    }

    /** The reader has the start of the job: output may follow. */
    void begin() {
        begun = true;
        advance();
    }

    /** Sends what there is and the connection takes. */
    void advance() {
        if (begun && mustAsk && !asking && !stream.isClosed() && !stream.isFull()) {
            asking = true;
            mustAsk = false;
            outputs.ofJob(jobId, position, PAGE_PARTS).onSuccess(this::answered).onFailure(this::failed);
        }
    }

    private void askAgain() {
        mustAsk = true;
        advance();
    }

    /** Looks into the database once more; the action comes when all that is there is sent. */
    void sendAllThen(Runnable action) {
        whenAllIsSent = Optional.of(action);
        askAgain();
    }

    private void answered(List<OutputReads.Numbered> page) {
        asking = false;
        if (stream.isClosed()) {
            return;
        }
        for (OutputReads.Numbered numbered : page) {
            if (stream.isFull()) {
                mustAsk = true;
                return;
            }
            stream.write(FeedEvents.output(clock.instant(), numbered.part()));
            position = numbered.id();
        }
        mustAsk |= page.size() == PAGE_PARTS;
        if (mustAsk) {
            advance();
        } else {
            Optional<Runnable> action = whenAllIsSent;
            whenAllIsSent = Optional.empty();
            action.ifPresent(Runnable::run);
        }
    }

    private void failed(Throwable cause) {
        mustAsk = true;
        if (ServerException.isTemporary(cause)) {
            vertx.setTimer(RETRY_MILLIS, _ -> {
                asking = false;
                advance();
            });
        } else {
            LOG.error("the output of a job cannot be read [job: {}]", jobId, cause);
            stream.cut("its output cannot be read");
        }
    }

    /** The reader is gone. */
    void close() {
        subscription.unregister();
    }
}
