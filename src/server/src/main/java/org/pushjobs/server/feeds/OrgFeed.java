package org.pushjobs.server.feeds;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import org.pushjobs.server.jobs.StoredEvents;
import org.pushjobs.server.jobs.model.OrgEventRow;
import org.pushjobs.server.store.EventReads;

/**
 * The feed of one organisation (rest-api.md, "Org feed"), for readers who see the same of it. The order of the events of
 * different jobs, and their ids, are made by the database; so an announcement only tells the readers to look there, and those
 * that are up to date share one query.
 */
final class OrgFeed extends LiveFeed {
    private static final int PAGE_EVENTS = 100;

    OrgFeed(Vertx vertx, EventReads events, String orgGuid, EnvValues values, Runnable whenUnused) {
        super(
                vertx,
                new FeedLog(position -> page(events, orgGuid, values, position)),
                StoredEvents.addressOfOrganisation(orgGuid),
                whenUnused);
    }

    private static Future<FeedLog.Page> page(EventReads events, String orgGuid, EnvValues values, long position) {
        return events.ofOrganisation(orgGuid, FeedEvents.instant(position), PAGE_EVENTS)
                .map(rows -> new FeedLog.Page(
                        FeedEvents.ofOrganisation(position, seen(values, rows)), rows.size() == PAGE_EVENTS));
    }

    private static List<OrgEventRow> seen(EnvValues values, List<OrgEventRow> rows) {
        return rows.stream().map(row -> row.withData(values.in(row.data()))).toList();
    }

    @Override
    void stored(StoredEvents stored) {
        deliverSoon();
    }

    @Override
    void deliver() {
        askAgain();
    }
}
