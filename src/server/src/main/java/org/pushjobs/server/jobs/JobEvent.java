package org.pushjobs.server.jobs;

import java.util.Optional;
import org.pushjobs.protocol.message.Output;

/** What can happen to a job (lifecycle.md, "Job"). */
public sealed interface JobEvent {
    /** The job was just created; its first event. */
    record Started() implements JobEvent {}

    /** The job was found live in the database after a start of the server; its first event then. */
    record Resumed() implements JobEvent {}

    /** The vote took too long. */
    record VotingTimeout() implements JobEvent {}

    /** The run took too long. */
    record RunTimeout() implements JobEvent {}

    /**
     * Somebody asked for the end of the job; the same again changes nothing.
     *
     * @param by name of the user or client
     */
    record AbortRequested(String by) implements JobEvent {}

    /** The nodes that ran when the abort was asked for had long enough to answer it. */
    record AbortTimeout() implements JobEvent {}

    /** Something a node did. */
    sealed interface OfNode extends JobEvent {
        String node();
    }

    record AckCommit(String node) implements OfNode {}

    record NackCommit(String node) implements OfNode {}

    record AckRun(String node) implements OfNode {}

    record NackRun(String node) implements OfNode {}

    record Succeeded(String node, Optional<Output> output) implements OfNode {}

    record Failed(String node, Optional<Output> output) implements OfNode {}

    record Aborted(String node) implements OfNode {}

    /** The node has no session, lost it, or cannot take part. */
    record Down(String node) implements OfNode {}

    /** The node's heartbeat says that it has committed to this job. */
    record ReportsCommitted(String node) implements OfNode {}

    /** The node's heartbeat says that it runs this job. */
    record ReportsRunning(String node) implements OfNode {}

    /** The node's heartbeats have said for longer than a grace period that it does nothing. */
    record ReportsIdle(String node) implements OfNode {}
}
