package org.pushjobs.server.feeds;

import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The events of one feed for all its readers on an event loop: the newest of them, up to {@value #TAIL_BYTES} bytes, in
 * memory, the others in the database. Readers that need the same from there at the same time share one query.
 */
final class FeedLog {
    static final int TAIL_BYTES = 256 * 1024;

    private final Source source;
    private final TreeMap<Long, FeedChunk> tail = new TreeMap<>();
    private final Map<Long, Future<Page>> queries = new HashMap<>();
    private int tailBytes;
    private long end;

    /** The feed's events in the database. */
    @FunctionalInterface
    interface Source {
        Future<Page> after(long position);
    }

    /**
     * Events out of the database.
     *
     * @param chunks one after the other; empty when there is nothing
     * @param more whether the database had more when it was asked
     */
    record Page(List<FeedChunk> chunks, boolean more) {}

    FeedLog(Source source) {
        this.source = source;
    }

    /** The position of the newest event that is known here; 0 when none is. */
    long end() {
        return end;
    }

    /** The events that follow a position directly, if they are in memory. */
    Optional<FeedChunk> after(long position) {
        return Optional.ofNullable(tail.get(position));
    }

    /** The events that follow a position, from the database; they are in memory then, too. */
    Future<Page> read(long position) {
        Future<Page> running = queries.get(position);
        if (running != null) {
            return running;
        }
        Future<Page> query =
                source.after(position).onSuccess(page -> page.chunks().forEach(this::add));
        if (!query.isComplete()) {
            queries.put(position, query);
            query.onComplete(_ -> queries.remove(position, query));
        }
        return query;
    }

    /** Lets whoever reads from now on not share a query that may have begun before the newest event was stored. */
    void shareNoRunningQuery() {
        queries.clear();
    }

    /** Notes events that follow each other; those that are known already are passed over. */
    void add(FeedChunk chunk) {
        if (chunk.last() <= end) {
            return;
        }
        if (chunk.after() != end) {
            // what is between is not known: readers that need it ask the database
            tail.clear();
            tailBytes = 0;
        }
        tail.put(chunk.after(), chunk);
        tailBytes += chunk.bytes().length();
        end = chunk.last();
        while (tailBytes > TAIL_BYTES && tail.size() > 1) {
            tailBytes -= tail.pollFirstEntry().getValue().bytes().length();
        }
    }
}
