package org.pushjobs.server.feeds;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import org.pushjobs.server.jobs.StoredEvents;
import org.pushjobs.server.jobs.model.EventRow;
import org.pushjobs.server.store.EventReads;

/**
 * The feed of one job (rest-api.md, "Job feed"), for readers who see the same of it. Live events come with their announcement when
 * this process stores them, and else from the database.
 */
final class JobFeed extends LiveFeed {
    private static final int PAGE_EVENTS = 250;

    /** Announced and not yet rendered, following each other. */
    private final List<EventRow> fresh = new ArrayList<>();

    private final EnvValues values;
    /** There are events in the database that another process has stored. */
    private boolean mustAsk;

    JobFeed(Vertx vertx, EventReads events, String jobId, EnvValues values, Runnable whenUnused) {
        super(
                vertx,
                new FeedLog(position -> page(events, jobId, values, position)),
                StoredEvents.addressOfJob(jobId),
                whenUnused);
        this.values = values;
    }

    private static Future<FeedLog.Page> page(EventReads events, String jobId, EnvValues values, long position) {
        return events.ofJob(jobId, (int) position, PAGE_EVENTS)
                .map(rows ->
                        new FeedLog.Page(FeedEvents.ofJob(position, seen(values, rows)), rows.size() == PAGE_EVENTS));
    }

    private static List<EventRow> seen(EnvValues values, List<EventRow> rows) {
        return rows.stream().map(row -> row.withData(values.in(row.data()))).toList();
    }

    @Override
    void stored(StoredEvents stored) {
        if (stored.events().isEmpty()) {
            mustAsk |= stored.upTo() > log().end();
        } else {
            storedHere(stored.events());
        }
        deliverSoon();
    }

    private void storedHere(List<EventRow> events) {
        if (!fresh.isEmpty() && fresh.getLast().seq() + 1 != events.getFirst().seq()) {
            // they do not follow each other, so they are no chunk
            render();
        }
        fresh.addAll(events);
    }

    @Override
    void deliver() {
        render();
        if (mustAsk) {
            mustAsk = false;
            askAgain();
        } else {
            advanceAll();
        }
    }

    private void render() {
        if (!fresh.isEmpty()) {
            FeedEvents.ofJob(fresh.getFirst().seq() - 1L, seen(values, fresh)).forEach(log()::add);
            fresh.clear();
        }
    }
}
