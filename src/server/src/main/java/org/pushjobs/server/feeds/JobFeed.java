package org.pushjobs.server.feeds;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import org.pushjobs.server.jobs.StoredEvents;
import org.pushjobs.server.store.EventReads;

/** The feed of one job (rest-api.md, "Job feed"). Live events come with their announcement. */
final class JobFeed extends LiveFeed {
    private static final int PAGE_EVENTS = 250;

    JobFeed(Vertx vertx, EventReads events, String jobId, Runnable whenUnused) {
        super(
                vertx,
                new FeedLog(position -> page(events, jobId, position)),
                StoredEvents.addressOfJob(jobId),
                whenUnused);
    }

    private static Future<FeedLog.Page> page(EventReads events, String jobId, long position) {
        return events.ofJob(jobId, (int) position, PAGE_EVENTS)
                .map(rows -> new FeedLog.Page(FeedEvents.ofJob(position, rows), rows.size() == PAGE_EVENTS));
    }

    @Override
    void stored(StoredEvents stored) {
        long before = stored.events().getFirst().seq() - 1L;
        FeedEvents.ofJob(before, stored.events()).forEach(log()::add);
        advanceAll();
    }
}
