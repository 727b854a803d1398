package org.pushjobs.simulator.failover;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.pushjobs.simulator.diary.Entry;

/**
 * What is known of a round when it is over: of one large job, of small ones beside it, and of a fault meanwhile.
 *
 * @param jobId of the large job
 * @param nodes of the large job
 * @param faultMillis when the fault began, since 1970
 * @param diaries of all agents
 * @param jobFeed of the large job, as its reader got it
 * @param orgFeed as its reader got it
 * @param shown the large job's document, as the API shows it in the end
 * @param reads requests that only read
 * @param starts requests for small jobs
 * @param stored all jobs of the round
 * @param writes of the round, in order
 */
record History(
        String jobId,
        List<String> nodes,
        long faultMillis,
        List<Entry> diaries,
        List<FeedEvent> jobFeed,
        List<FeedEvent> orgFeed,
        Shown shown,
        List<Request> reads,
        List<Request> starts,
        Map<String, StoredJob> stored,
        List<Write> writes) {
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
        Objects.requireNonNull(jobId, "jobId");
        nodes = List.copyOf(nodes);
        diaries = List.copyOf(diaries);
        jobFeed = List.copyOf(jobFeed);
        orgFeed = List.copyOf(orgFeed);
        Objects.requireNonNull(shown, "shown");
        reads = List.copyOf(reads);
        starts = List.copyOf(starts);
        stored = Map.copyOf(stored);
        writes = List.copyOf(writes);
    }
}
