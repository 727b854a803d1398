package org.pushjobs.simulator.failover;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.pushjobs.simulator.diary.Entry;
import org.pushjobs.simulator.failover.Request.Outcome;

/**
 * For how long faults were felt, in milliseconds.
 *
 * @param agents for each simulated agent whose connection broke by a fault: from the fault until it was back for good. Those that
 *     went to another gateway because they were asked to are none of them
 * @param reads between two answers to who reads
 * @param starts between two answers to who starts jobs, that these are started
 * @param work between the requests for two small jobs that both came to a good end
 */
record Gaps(List<Long> agents, long reads, long starts, long work) {
    Gaps {
        agents = List.copyOf(agents);
    }

    static Gaps of(History history) {
        return new Gaps(
                agents(history),
                longest(history, history.reads(), request -> request.outcome() == Outcome.DONE),
                longest(history, history.starts(), request -> request.outcome() == Outcome.DONE),
                longest(
                        history,
                        history.starts(),
                        request -> request.jobId()
                                .map(history.stored()::get)
                                .filter(job -> job.status().equals("complete"))
                                .isPresent()));
    }

    private static List<Long> agents(History history) {
        NavigableSet<Long> faults = new TreeSet<>(history.faults());
        Map<String, Long> lost = new HashMap<>();
        Set<String> left = new HashSet<>();
        Map<Back, Long> back = new HashMap<>();
        for (Entry entry : history.diaries()) {
            switch (entry.what()) {
                case LOST -> lost.putIfAbsent(entry.node(), entry.atMillis());
                case LEFT -> left.add(entry.node());
                case BACK -> {
                    if (left.remove(entry.node()) && !lost.containsKey(entry.node())) {
                        continue;
                    }
                    // another fault may have come meanwhile
                    long brokeMillis =
                            Optional.ofNullable(lost.remove(entry.node())).orElse(entry.atMillis());
                    Optional.ofNullable(faults.floor(brokeMillis))
                            .ifPresent(fault ->
                                    back.merge(new Back(entry.node(), fault), entry.atMillis() - fault, Math::max));
                }
                case ACK_COMMIT, NACK_COMMIT, ACK_RUN, NACK_RUN, ABORTED, RESULT -> {
                    // of jobs
                }
            }
        }
        return new ArrayList<>(back.values());
    }

    /** A node after a fault. */
    private record Back(String node, long faultMillis) {}

    /** Who has no good answer from before the first fault waits since then. */
    private static long longest(History history, List<Request> requests, Predicate<Request> good) {
        long longest = 0;
        long last = history.faults().getFirst();
        for (Request request : requests) {
            if (good.test(request)) {
                longest = Math.max(longest, request.doneMillis() - last);
                last = request.doneMillis();
            }
        }
        return longest;
    }
}
