package org.pushjobs.server.feeds;

import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.jobs.StoredOutput;
import org.pushjobs.server.store.EventReads;
import org.pushjobs.server.store.OutputReads;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The events {@code output} in the feed of one job for one reader who wants them, in the order in which the output was stored.
 * It has a position, not a queue, as {@link FeedReader} has. What a node writes comes after the event that its command has begun
 * there, which may be stored later. Belongs to the event loop of the feed.
 */
final class OutputEvents {
    private static final Logger LOG = LoggerFactory.getLogger(OutputEvents.class);
    private static final int PAGE_PARTS = 4;
    private static final long RETRY_MILLIS = 1_000;

    private final Vertx vertx;
    private final OutputReads outputs;
    private final EventReads events;
    private final String jobId;
    private final LiveStream stream;
    private final Clock clock;
    private final RisingTime time = new RisingTime();
    private final Set<String> begunNodes = new HashSet<>();
    private final MessageConsumer<StoredOutput> subscription;
    private Optional<Ending> ending = Optional.empty();
    private int unknownBefore;
    private long position;
    private boolean begun;
    private boolean mustAsk = true;
    private boolean asking;

    /**
     * The job is about to end for the reader.
     *
     * @param at what comes before is not later
     * @param action when all is sent
     */
    private record Ending(Instant at, Runnable action) {}

    /** @param after the position of the event that the reader had last; 0 for none */
    OutputEvents(
            Vertx vertx,
            OutputReads outputs,
            EventReads events,
            String jobId,
            LiveStream stream,
            Clock clock,
            int after) {
        this.vertx = vertx;
        this.outputs = outputs;
        this.events = events;
        this.unknownBefore = after;
        this.jobId = jobId;
        this.stream = stream;
        this.clock = clock;
        this.subscription = vertx.eventBus().localConsumer(StoredOutput.addressOfJob(jobId), _ -> askAgain());
    }

    /** Of all that the reader gets, events and output. */
    RisingTime time() {
        return time;
    }

    /**
     * The reader has the start of the job: output may follow.
     *
     * @param nodes it has learned as well that these have begun
     */
    void begin(List<String> nodes) {
        begun = true;
        begunNodes.addAll(nodes);
        advance();
    }

    /** Sends what there is and the connection takes. */
    void advance() {
        if (!begun || !mustAsk || asking || stream.isClosed() || stream.isFull()) {
            return;
        }
        asking = true;
        if (unknownBefore > 0) {
            events.nodesThatBegan(jobId, unknownBefore).onSuccess(this::learned).onFailure(this::failed);
            return;
        }
        mustAsk = false;
        outputs.ofJob(jobId, position, PAGE_PARTS).onSuccess(this::answered).onFailure(this::failed);
    }

    /** What the reader learned over an earlier connection. */
    private void learned(List<String> nodes) {
        asking = false;
        unknownBefore = 0;
        begunNodes.addAll(nodes);
        advance();
    }

    private void askAgain() {
        mustAsk = true;
        advance();
    }

    /**
     * Looks into the database once more; the action comes when all that is there is sent.
     *
     * @param at when the job ended
     */
    void sendAllThen(Instant at, Runnable action) {
        ending = Optional.of(new Ending(at, action));
        askAgain();
    }

    private void answered(List<OutputReads.Numbered> page) {
        asking = false;
        if (stream.isClosed()) {
            return;
        }
        for (OutputReads.Numbered numbered : page) {
            if (stream.isFull() || mustWait(numbered.part().node())) {
                mustAsk = true;
                return;
            }
            stream.write(FeedEvents.output(time.next(now()), numbered.part()));
            position = numbered.id();
        }
        mustAsk |= page.size() == PAGE_PARTS;
        if (mustAsk) {
            advance();
        } else {
            Optional<Ending> reached = ending;
            ending = Optional.empty();
            reached.ifPresent(end -> end.action().run());
        }
    }

    /** Its begin is on its way; it comes, or the job ends. */
    private boolean mustWait(String node) {
        return ending.isEmpty() && !begunNodes.contains(node);
    }

    private Instant now() {
        Instant now = clock.instant();
        return ending.map(Ending::at).filter(end -> end.isBefore(now)).orElse(now);
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
