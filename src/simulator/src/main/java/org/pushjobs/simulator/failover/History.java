package org.pushjobs.simulator.failover;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.pushjobs.simulator.diary.Entry;

/**
 * What is known of a round when it is over: of large jobs, of small ones beside them, and of faults meanwhile.
 *
 * @param jobs the large ones
 * @param faults when they began, in milliseconds since 1970, in order; one at least
 * @param diaries of all agents
 * @param orgFeed as its reader got it
 * @param reads requests that only read
 * @param starts requests for small jobs
 * @param stored all jobs of the round
 * @param writes of the round, in order
 */
record History(
        List<Followed> jobs,
        List<Long> faults,
        List<Entry> diaries,
        List<FeedEvent> orgFeed,
        List<Request> reads,
        List<Request> starts,
        Map<String, StoredJob> stored,
        List<Write> writes) {
    /**
     * A large job.
     *
     * @param ends statuses that are a good end of it; of those that are none but "complete", no node may have run it
     * @param feed as its reader got it
     * @param feedEnded whether the server ended it
     * @param shown its document, as the API shows it in the end
     */
    record Followed(
            String id, List<String> nodes, Set<String> ends, List<FeedEvent> feed, boolean feedEnded, Shown shown) {
        Followed {
            Objects.requireNonNull(id, "id");
            nodes = List.copyOf(nodes);
            ends = Set.copyOf(ends);
            feed = List.copyOf(feed);
            Objects.requireNonNull(shown, "shown");
        }
    }

    /**
     * A job document.
     *
     * @param nodes their statuses
     */
    record Shown(String status, Map<String, String> nodes) {
        Shown {
            Objects.requireNonNull(status, "status");
            nodes = Map.copyOf(nodes);
        }
    }

    History {
        jobs = List.copyOf(jobs);
        faults = List.copyOf(faults);
        diaries = List.copyOf(diaries);
        orgFeed = List.copyOf(orgFeed);
        reads = List.copyOf(reads);
        starts = List.copyOf(starts);
        stored = Map.copyOf(stored);
        writes = List.copyOf(writes);
    }
}
