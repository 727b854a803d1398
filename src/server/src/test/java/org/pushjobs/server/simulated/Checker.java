package org.pushjobs.server.simulated;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.pushjobs.server.jobs.model.JobStatus;
import org.pushjobs.server.jobs.model.NodeStatus;

/**
 * Judges a history by what must hold whatever fails. In the order of the invariants:
 *
 * <ol>
 *   <li>A node executes a job once at most.
 *   <li>No node executes a job before it is stored that its quorum is met.
 *   <li>A state only goes forward, and one that has ended never changes.
 *   <li>A job that somebody was told of is there for ever; one of which somebody was told that it was not started never runs.
 *   <li>All who read the feed of a job have read the same in the end, and what the database has.
 *   <li>Each reads its events one after the other, without gap or repetition.
 *   <li>Only the term that began last writes, and the lease is nobody's while somebody else has it.
 *   <li>(Strangers: no agent here is one.)
 *   <li>What is stored of a command is what became of it, and nothing is acknowledged that is not stored.
 * </ol>
 *
 * In the end every job has ended, and as it would have without faults unless the faults explain it: see {@link Outcomes}.
 */
final class Checker {
    /** What an agent had written when it was stopped it may send when it goes on, though its job has ended by then. */
    private static final long LATE_HEARTBEAT_MILLIS = 2_000;

    private final List<Violation> violations = new ArrayList<>();
    private final Map<String, Story> stories = new LinkedHashMap<>();
    private final Map<Integer, History.StartAsked> requests = new HashMap<>();
    private final Set<Integer> notStarted = new HashSet<>();
    private final Map<String, Integer> lastRead = new HashMap<>();
    private final Map<String, TreeMap<Integer, String>> feeds = new HashMap<>();
    private final Map<String, String> jobOfKey = new HashMap<>();
    private long epoch;
    private final Map<String, Long> stopped = new HashMap<>();
    private Optional<History.Leased> lease = Optional.empty();

    /** Which invariant a violation is of. */
    enum Invariant {
        RUNS_ONCE,
        RUNS_AFTER_QUORUM,
        STATES_GO_FORWARD,
        ANSWERS_ARE_TRUE,
        READERS_AGREE,
        FEEDS_HAVE_NO_GAPS,
        ONE_TERM_WRITES,
        ONE_HAS_THE_LEASE,
        STORED_IS_WHAT_HAPPENED,
        ACKNOWLEDGED_IS_STORED,
        JOBS_END,
        JOBS_END_AS_WITHOUT_FAULTS,
        COMMANDS_ARE_LEFT_ALONE
    }

    record Violation(Invariant invariant, long millis, String what) {
        @Override
        public String toString() {
            return "%s at %.3f: %s".formatted(invariant, millis / 1000.0, what);
        }
    }

    /** What there is to say of a history. */
    record Verdict(List<Violation> violations, Outcomes outcomes) {}

    private Checker() {}

    /** @param unsettled what has not come to rest in the end, for people */
    static Verdict check(History history, List<String> unsettled) {
        Checker checker = new Checker();
        history.entries().forEach(checker::next);
        checker.atRest();
        Outcomes outcomes = new Outcomes(history, checker.stories.values());
        checker.violations.addAll(outcomes.violations());
        long end = history.entries().isEmpty() ? 0 : history.entries().getLast().millis();
        unsettled.forEach(what -> checker.violations.add(new Violation(Invariant.JOBS_END, end, what)));
        return new Verdict(checker.violations, outcomes);
    }

    private void next(History.Entry entry) {
        long now = entry.millis();
        if (entry.what() instanceof History.Stored stored && stored.epoch() != epoch) {
            violation(Invariant.ONE_TERM_WRITES, now, stored + " while the epoch is " + epoch);
        }
        switch (entry.what()) {
            case History.Executed executed -> executed(executed, now);
            case History.Ended(String node, String jobId, History.CommandEnd end) -> ended(node, jobId, end, now);
            case History.Refused(String node, String jobId, boolean _) ->
                story(jobId).ifPresent(story -> story.part(node).refuses());
            case History.ResultLost(String node, String jobId) ->
                story(jobId).ifPresent(story -> story.part(node).losesResult());
            case History.Acknowledged(String node, String jobId) -> acknowledged(node, jobId, now);
            case History.JobStored stored -> jobStored(stored, now);
            case History.JobStatusStored stored -> jobStatusStored(stored, now);
            case History.NodeStatusStored stored -> nodeStatusStored(stored, now);
            case History.EventStored(long _, String jobId, int seq, String event) ->
                story(jobId).ifPresent(story -> eventStored(story, seq, event, now));
            case History.EventLost lost -> violation(Invariant.FEEDS_HAVE_NO_GAPS, now, lost.toString());
            case History.EpochRaised(long raised) -> epoch = raised;
            case History.Leased leased -> leased(leased, now);
            case History.StartAsked asked -> requests.put(asked.request(), asked);
            case History.Started(int request, String jobId) -> started(request, jobId, now);
            case History.NotStarted(int request) -> notStarted(request, now);
            case History.AbortAsked(String jobId) -> story(jobId).ifPresent(Story::askAbort);
            case History.Found(String reader, String jobId, Optional<JobStatus> status) -> {
                if (status.isEmpty()) {
                    violation(Invariant.ANSWERS_ARE_TRUE, now, reader + " does not find " + jobId);
                }
            }
            case History.Read read -> read(read, now);
            case History.Disturbed(String node, History.Disturbance what, OptionalLong _) -> {
                if (what == History.Disturbance.AGENT) {
                    stopped.put(node, now);
                }
            }
            case History.StartUnknown _, History.AbortTaken _, History.Note _ -> {
                // nothing to be judged by itself
            }
        }
    }

    private Optional<Story> story(String jobId) {
        return Optional.ofNullable(stories.get(jobId));
    }

    private void violation(Invariant invariant, long millis, String what) {
        violations.add(new Violation(invariant, millis, what));
    }

    // ---- on the nodes

    private void executed(History.Executed executed, long now) {
        Optional<Story> found = story(executed.jobId());
        if (found.filter(Story::ran).isEmpty()) {
            violation(Invariant.RUNS_AFTER_QUORUM, now, executed.toString());
        }
        found.ifPresent(story -> {
            story.part(executed.node()).executed();
            if (story.part(executed.node()).executions() > 1) {
                violation(Invariant.RUNS_ONCE, now, executed.toString());
            }
            if (isNotStarted(story)) {
                violation(Invariant.ANSWERS_ARE_TRUE, now, executed + " though it was not started");
            }
            noteKey(story, now);
        });
    }

    private void ended(String node, String jobId, History.CommandEnd end, long now) {
        story(jobId).ifPresent(story -> {
            Story.Part part = story.part(node);
            part.ended(end);
            if (end == History.CommandEnd.KILLED
                    && !story.abortAsked()
                    && !part.status().isTerminal()
                    && !story.work().hangsOn(node)
                    && now - stopped.getOrDefault(node, Long.MIN_VALUE / 2) > LATE_HEARTBEAT_MILLIS) {
                violation(
                        Invariant.COMMANDS_ARE_LEFT_ALONE,
                        now,
                        "the command of " + story + " on " + node + " was killed while the job goes on");
            }
        });
    }

    private void acknowledged(String node, String jobId, long now) {
        story(jobId)
                .filter(story -> !story.status().isTerminal()
                        && !story.part(node).status().isTerminal())
                .ifPresent(story -> violation(
                        Invariant.ACKNOWLEDGED_IS_STORED,
                        now,
                        "the result of " + story + " on " + node + ", which is stored as "
                                + story.part(node).status()));
    }

    // ---- in the database

    private void jobStored(History.JobStored stored, long now) {
        Story story = new Story(stored, now);
        stories.put(stored.jobId(), story);
        if (isNotStarted(story)) {
            violation(Invariant.ANSWERS_ARE_TRUE, now, stored + " though it was not started");
        }
    }

    private void jobStatusStored(History.JobStatusStored stored, long now) {
        boolean forward = !stored.from().isTerminal()
                && (stored.to().isTerminal() || stored.from() == JobStatus.VOTING && stored.to() == JobStatus.RUNNING);
        if (!forward) {
            violation(Invariant.STATES_GO_FORWARD, now, stored.toString());
        }
        story(stored.jobId()).ifPresent(story -> story.became(stored.to()));
    }

    private void nodeStatusStored(History.NodeStatusStored stored, long now) {
        boolean forward = !stored.from().isTerminal()
                && (stored.to().isTerminal()
                        || stored.to() == NodeStatus.RUNNING
                        || stored.from() == NodeStatus.NEW && stored.to() == NodeStatus.READY);
        if (!forward) {
            violation(Invariant.STATES_GO_FORWARD, now, stored.toString());
        }
        story(stored.jobId()).ifPresent(story -> {
            Story.Part part = story.part(stored.node());
            part.became(stored.to(), stored.reason(), now);
            boolean isSo = switch (stored.to()) {
                case SUCCEEDED -> part.end().equals(Optional.of(History.CommandEnd.SUCCEEDED));
                case FAILED ->
                    part.end().equals(Optional.of(History.CommandEnd.FAILED))
                            || stored.reason().startsWith("it refused to run") && part.executions() == 0;
                case NACKED -> part.refused();
                case NEW, READY, RUNNING, ABORTED, UNAVAILABLE, FAULTY, WAS_READY, CRASHED, TIMED_OUT -> true;
            };
            if (!isSo) {
                violation(
                        Invariant.STORED_IS_WHAT_HAPPENED,
                        now,
                        stored + " though its command is " + part.end() + " after " + part.executions() + " runs");
            }
        });
    }

    private void eventStored(Story story, int seq, String event, long now) {
        feeds.computeIfAbsent(story.id(), _ -> new TreeMap<>()).put(seq, event);
        story.addEvent(event);
        if (seq != story.events().size()) {
            violation(
                    Invariant.FEEDS_HAVE_NO_GAPS,
                    now,
                    story + " has event " + seq + " after " + (story.events().size() - 1));
        }
        if (seq > 1 && story.events().get(story.events().size() - 2).startsWith("job_complete")) {
            violation(Invariant.FEEDS_HAVE_NO_GAPS, now, story + " has " + event + " after its end");
        }
    }

    private void leased(History.Leased leased, long now) {
        lease.filter(before -> !before.holder().equals(leased.holder()) && before.untilMillis() > leased.nowMillis())
                .ifPresent(before -> violation(Invariant.ONE_HAS_THE_LEASE, now, leased + " while " + before));
        lease = Optional.of(leased);
    }

    // ---- what people are told

    private void started(int request, String jobId, long now) {
        Optional<Story> found = story(jobId);
        if (found.isEmpty()) {
            violation(
                    Invariant.ANSWERS_ARE_TRUE,
                    now,
                    "request " + request + " started " + jobId + ", which is not there");
        }
        found.ifPresent(story -> {
            story.startedBy().add(request);
            noteKey(story, now);
        });
    }

    /** No two jobs that were started or run have the same key. */
    private void noteKey(Story story, long now) {
        story.key().ifPresent(key -> {
            String other = jobOfKey.putIfAbsent(key, story.id());
            if (other != null && !other.equals(story.id())) {
                violation(
                        Invariant.ANSWERS_ARE_TRUE, now, story + " is the second job of " + key + " besides " + other);
            }
        });
    }

    private void notStarted(int request, long now) {
        History.StartAsked asked = requests.get(request);
        if (asked.key().isPresent()) {
            return;
        }
        notStarted.add(request);
        stories.values().stream()
                .filter(story -> story.work().name().equals(asked.command()))
                .filter(story -> !story.status().isTerminal() || story.wasExecuted())
                .forEach(story ->
                        violation(Invariant.ANSWERS_ARE_TRUE, now, story + " was not started, but it is live"));
    }

    private boolean isNotStarted(Story story) {
        return notStarted.stream()
                .anyMatch(request ->
                        requests.get(request).command().equals(story.work().name()));
    }

    private void read(History.Read read, long now) {
        int last = lastRead.merge(read.reader() + read.jobId(), read.seq(), (before, _) -> {
            if (read.seq() != before + 1) {
                violation(Invariant.FEEDS_HAVE_NO_GAPS, now, read + " after " + before);
            }
            return read.seq();
        });
        if (last == read.seq() && last != 1 && !lastRead.containsKey(read.reader() + read.jobId())) {
            violation(Invariant.FEEDS_HAVE_NO_GAPS, now, read + " is the first");
        }
        String stored = feeds.getOrDefault(read.jobId(), new TreeMap<>()).get(read.seq());
        if (!read.event().equals(stored)) {
            violation(Invariant.READERS_AGREE, now, read + ", but the database has " + stored);
        }
    }

    // ---- in the end

    private void atRest() {
        long end = Long.MAX_VALUE;
        for (Story story : stories.values()) {
            if (!story.status().isTerminal()) {
                violation(Invariant.JOBS_END, end, story + " is still " + story.status());
                continue;
            }
            String last = story.events().isEmpty() ? "" : story.events().getLast();
            if (!last.startsWith("job_complete")
                    || !last.contains("\"" + story.status().label() + "\"")) {
                violation(
                        Invariant.READERS_AGREE,
                        end,
                        story + " is " + story.status() + ", but its feed ends with " + last);
            }
            if (!story.startedBy().isEmpty()) {
                readToTheEnd(story, end);
            }
        }
    }

    private void readToTheEnd(Story story, long end) {
        VirtualReader.hosts().forEach(reader -> {
            int last = lastRead.getOrDefault(reader + story.id(), 0);
            if (last != story.events().size()) {
                violation(
                        Invariant.READERS_AGREE,
                        end,
                        reader + " has read " + last + " of " + story.events().size() + " events of " + story);
            }
        });
    }
}
