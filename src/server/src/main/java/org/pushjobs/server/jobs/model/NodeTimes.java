package org.pushjobs.server.jobs.model;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * When a node reached the stations of a job; in a change those that are new.
 *
 * @param votedAt its vote was counted
 * @param startedAt it said that it runs the command
 * @param finishedAt it reached its final status
 */
public record NodeTimes(Optional<Instant> votedAt, Optional<Instant> startedAt, Optional<Instant> finishedAt) {
    /** No station reached. */
    public static final NodeTimes NONE = new NodeTimes(Optional.empty(), Optional.empty(), Optional.empty());

    public NodeTimes {
        Objects.requireNonNull(votedAt, "votedAt");
        Objects.requireNonNull(startedAt, "startedAt");
        Objects.requireNonNull(finishedAt, "finishedAt");
    }

    /** These, and what it means that the node has got the status at that time. The first time at a station counts. */
    public NodeTimes reached(NodeStatus status, Instant at) {
        Optional<Instant> now = Optional.of(at);
        return switch (status) {
            case NEW -> this;
            case READY -> new NodeTimes(votedAt.or(() -> now), startedAt, finishedAt);
            case RUNNING -> new NodeTimes(votedAt, startedAt.or(() -> now), finishedAt);
            case NACKED -> new NodeTimes(votedAt.or(() -> now), startedAt, finishedAt.or(() -> now));
            case SUCCEEDED, FAILED, ABORTED, UNAVAILABLE, FAULTY, WAS_READY, CRASHED, TIMED_OUT ->
                new NodeTimes(votedAt, startedAt, finishedAt.or(() -> now));
        };
    }

    /** These, completed by those of later changes. */
    public NodeTimes and(NodeTimes later) {
        return new NodeTimes(
                votedAt.or(later::votedAt), startedAt.or(later::startedAt), finishedAt.or(later::finishedAt));
    }
}
