package org.pushjobs.server.jobs.machine;

import org.pushjobs.server.jobs.model.JobStatus;

/** An event of a job's feed (rest-api.md, "Event feeds"). */
public sealed interface FeedEvent {
    /** The first event; its data describes the job and is added by the coordinator. */
    record Start() implements FeedEvent {}

    record QuorumVote(String node, Vote status) implements FeedEvent {}

    record QuorumSucceeded() implements FeedEvent {}

    record RunStart(String node) implements FeedEvent {}

    record RunComplete(String node, RunResult status) implements FeedEvent {}

    record Rehab(String node) implements FeedEvent {}

    record JobComplete(JobStatus status) implements FeedEvent {}

    /** {@code status} of {@code quorum_vote}. */
    enum Vote {
        SUCCESS("success"),
        FAILURE("failure"),
        DOWN("down"),
        VOTING_TIMEOUT("voting_timeout"),
        UNEXPECTED_COMMIT("unexpected_commit"),
        CLIENT_DIED_WHILE_VOTING("client_died_while_voting"),
        /** Spelt as the readers of feeds know it. */
        LOST_AVAILIBILITY("lost_availibility");

        private final String label;

        Vote(String label) {
            this.label = label;
        }

        /** The value in the feed. */
        public String label() {
            return label;
        }
    }

    /** {@code status} of {@code run_complete}. */
    enum RunResult {
        SUCCESS("success"),
        FAILURE("failure"),
        CRASHED("crashed"),
        RUN_NACKED("run_nacked"),
        RUN_NACKED_WHILE_RUNNING("run_nacked_while_running"),
        CLIENT_DIED_WHILE_RUNNING("client_died_while_running");

        private final String label;

        RunResult(String label) {
            this.label = label;
        }

        /** The value in the feed. */
        public String label() {
            return label;
        }
    }
}
