package org.pushjobs.server.simulated;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pushjobs.server.jobs.model.JobStatus;
import org.pushjobs.server.jobs.model.NodeStatus;

/**
 * Whether jobs have ended as they would have without faults. Only these explain something else: somebody asked for the abort; the
 * node's agent, its connection, its gateway or the lines of that were disturbed for longer than a moment, shortly before the job or
 * during it; what an agent says only once was lost on the way; a command that hangs.
 */
final class Outcomes {
    /** A node may have to be aborted and available again, or to be noticed. */
    private static final long BEFORE_MILLIS = 4_000;

    private final List<Checker.Violation> violations = new ArrayList<>();
    private final Map<String, List<Span>> disturbed = new HashMap<>();
    private int strict;
    private int explained;

    private record Span(long from, long to, History.Disturbance what) {}

    Outcomes(History history, Collection<Story> stories) {
        for (History.Entry entry : history.entries()) {
            if (entry.what() instanceof History.Disturbed(String node, History.Disturbance what, var since)) {
                disturbed
                        .computeIfAbsent(node, _ -> new ArrayList<>())
                        .add(new Span(since.orElse(entry.millis()), entry.millis(), what));
            }
        }
        stories.stream().filter(story -> !story.startedBy().isEmpty()).forEach(story -> check(stories, story));
    }

    List<Checker.Violation> violations() {
        return violations;
    }

    /** How many nodes' parts had to be as without faults. */
    int strict() {
        return strict;
    }

    /** How many were not, for a reason. */
    int explained() {
        return explained;
    }

    private void check(Collection<Story> stories, Story story) {
        if (story.abortAsked() || !story.status().isTerminal()) {
            return;
        }
        if (story.status() == JobStatus.CRASHED) {
            violate(story, story.storedMillis(), "it crashed");
        }
        story.parts().forEach((node, part) -> {
            Optional<String> wrong = wrong(story, node, part);
            long end = part.endedMillis().orElse(Long.MAX_VALUE);
            long from = story.storedMillis() - BEFORE_MILLIS;
            boolean calm = isCalm(node, part.status(), from, end)
                    && !(part.status() == NodeStatus.UNAVAILABLE && isAborted(stories, story, node, from, end));
            if (calm) {
                strict++;
            }
            if (wrong.isPresent()) {
                if (calm && !part.resultLost()) {
                    violate(story, end, node + " " + wrong.get() + " [" + part.status() + ": " + part.reason() + "]");
                } else {
                    explained++;
                }
            }
        });
    }

    private void violate(Story story, long millis, String what) {
        violations.add(
                new Checker.Violation(Checker.Invariant.JOBS_END_AS_WITHOUT_FAULTS, millis, story + ": " + what));
    }

    /** A node whose part in another job has just ended badly is aborted before it takes the next one. */
    private boolean isAborted(Collection<Story> stories, Story story, String node, long from, long to) {
        return stories.stream()
                .filter(other -> other != story)
                .flatMap(other -> Optional.ofNullable(other.parts().get(node)).stream())
                .anyMatch(part -> part.endedMillis().isPresent()
                        && part.endedMillis().getAsLong() >= from
                        && part.endedMillis().getAsLong() <= to
                        && isFollowedByAbort(part.status()));
    }

    private static boolean isFollowedByAbort(NodeStatus status) {
        return switch (status) {
            case CRASHED, UNAVAILABLE, ABORTED, TIMED_OUT, WAS_READY -> true;
            case NEW, READY, RUNNING, SUCCEEDED, FAILED, NACKED, FAULTY -> false;
        };
    }

    private boolean isCalm(String node, NodeStatus status, long from, long to) {
        return disturbed.getOrDefault(node, List.of()).stream()
                .noneMatch(span ->
                        span.to >= from - lastsMillis(span.what) && span.from <= to && mayExplain(span.what, status));
    }

    /** A stranger who goes away before he has heard of his abort stays one until he is forgotten. */
    private static long lastsMillis(History.Disturbance what) {
        return what == History.Disturbance.NEW_HERE ? BEFORE_MILLIS : 0;
    }

    private static boolean mayExplain(History.Disturbance what, NodeStatus status) {
        return switch (what) {
            case NEW_HERE, UNSETTLED -> status == NodeStatus.UNAVAILABLE;
            case AGENT, SILENT, GATEWAY, LINES, DEAF, ABORTED, CLOCK -> true;
        };
    }

    /** Why this is not how a node's part ends in a calm world. */
    private static Optional<String> wrong(Story story, String node, Story.Part part) {
        boolean hangs = story.work().hangsOn(node);
        return switch (part.status()) {
            case SUCCEEDED, FAILED, NACKED, WAS_READY -> Optional.empty();
            case TIMED_OUT -> hangs ? Optional.empty() : Optional.of("timed out, but its command does not hang");
            case UNAVAILABLE -> Optional.of("was not available, but it was there");
            case CRASHED -> Optional.of("crashed, but nothing happened to it");
            case ABORTED -> Optional.of("was aborted, but nobody asked for that");
            case NEW, READY, RUNNING, FAULTY -> Optional.of("has not ended");
        };
    }
}
