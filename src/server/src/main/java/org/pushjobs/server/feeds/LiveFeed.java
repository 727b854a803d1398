package org.pushjobs.server.feeds;

import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.pushjobs.server.jobs.StoredEvents;

/**
 * A feed that somebody reads: one subscription on the event bus for all its readers, which begin only when it is made, so
 * that nothing falls between history and live events. Whatever is not announced all the same is found when the database is
 * asked again, every {@value #ASK_AGAIN_MILLIS} ms. Belongs to one event loop.
 */
abstract sealed class LiveFeed permits JobFeed, OrgFeed {
    private static final long ASK_AGAIN_MILLIS = 15_000;
    /** Many small writes cost more than their bytes: so often at most a reader is written to. */
    private static final long PACE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Vertx vertx;
    private final FeedLog log;
    private final MessageConsumer<StoredEvents> subscription;
    private final Runnable whenUnused;
    private final Set<FeedReader> readers = new LinkedHashSet<>();
    private final long timer;
    private long lastDeliveryNanos = System.nanoTime() - PACE_NANOS;
    private boolean deliveryPlanned;

    LiveFeed(Vertx vertx, FeedLog log, String address, Runnable whenUnused) {
        this.vertx = vertx;
        this.log = log;
        this.whenUnused = whenUnused;
        this.subscription = vertx.eventBus().localConsumer(address, message -> stored(message.body()));
        this.timer = vertx.setPeriodic(ASK_AGAIN_MILLIS, _ -> askAgain());
    }

    /** Events were stored: they are noted, and {@link #deliverSoon} is called. */
    abstract void stored(StoredEvents events);

    /** Gives the readers what was stored since the last time. */
    abstract void deliver();

    /** Delivers at once, or together with what comes until then when the last time was only just now. */
    final void deliverSoon() {
        if (deliveryPlanned) {
            return;
        }
        long rest = lastDeliveryNanos + PACE_NANOS - System.nanoTime();
        if (rest <= 0) {
            deliverNow();
        } else {
            deliveryPlanned = true;
            vertx.setTimer(1 + TimeUnit.NANOSECONDS.toMillis(rest), _ -> deliverNow());
        }
    }

    private void deliverNow() {
        deliveryPlanned = false;
        lastDeliveryNanos = System.nanoTime();
        deliver();
    }

    final FeedLog log() {
        return log;
    }

    /**
     * @param output where the reader wants output, too
     * @param position of the event that the reader had last; 0 for none
     */
    final void add(LiveStream stream, FeedReader.Ending ending, Optional<OutputEvents> output, long position) {
        if (ending == FeedReader.Ending.WITH_HISTORY) {
            log.shareNoRunningQuery();
        }
        FeedReader reader = new FeedReader(vertx, log, stream, ending, output, position);
        readers.add(reader);
        stream.whenDrained(reader::advance);
        stream.whenClosed(() -> remove(reader));
        subscription
                .completion()
                .onSuccess(_ -> reader.advance())
                .onFailure(cause -> stream.cut("the event bus failed: " + cause.getMessage()));
    }

    final void advanceAll() {
        current().forEach(FeedReader::advance);
    }

    /** Looks into the database for all readers; those at the same position share a query. */
    final void askAgain() {
        log.shareNoRunningQuery();
        current().forEach(FeedReader::askAgain);
    }

    /** Readers end and so leave the set while they are walked over. */
    private List<FeedReader> current() {
        return new ArrayList<>(readers);
    }

    private void remove(FeedReader reader) {
        reader.close();
        if (readers.remove(reader) && readers.isEmpty()) {
            vertx.cancelTimer(timer);
            subscription.unregister();
            whenUnused.run();
        }
    }
}
