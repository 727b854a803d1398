package org.pushjobs.server.jobs.machine;

import java.util.Optional;
import org.pushjobs.protocol.message.Ending;
import org.pushjobs.protocol.message.NackReason;
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

    /** @param reason where the agent gives one */
    record NackCommit(String node, Optional<NackReason> reason) implements OfNode {
        /** Without a reason. */
        public NackCommit(String node) {
            this(node, Optional.empty());
        }
    }

    record AckRun(String node) implements OfNode {}

    /** @param reason where the agent gives one */
    record NackRun(String node, Optional<NackReason> reason) implements OfNode {
        /** Without a reason. */
        public NackRun(String node) {
            this(node, Optional.empty());
        }
    }

    /** The agent's command ended. */
    sealed interface Result extends OfNode {
        Optional<Output> output();

        /** Where the agent tells how; then it waits for an acknowledgement, and may send the result more than once. */
        Optional<Ending> ending();
    }

    record Succeeded(String node, Optional<Output> output, Optional<Ending> ending) implements Result {
        /** Of an agent that speaks protocol 2.0. */
        public Succeeded(String node, Optional<Output> output) {
            this(node, output, Optional.empty());
        }
    }

    record Failed(String node, Optional<Output> output, Optional<Ending> ending) implements Result {
        /** Of an agent that speaks protocol 2.0. */
        public Failed(String node, Optional<Output> output) {
            this(node, output, Optional.empty());
        }
    }

    /** The agent is ending its command, whose run time is over. */
    record TimingOut(String node) implements OfNode {}

    record Aborted(String node) implements OfNode {}

    /**
     * The node has no session, lost it, or cannot take part.
     *
     * @param reason for people, of a node that has not begun
     */
    record Down(String node, String reason) implements OfNode {
        /** Nothing more is known of it. */
        public Down(String node) {
            this(node, "it was down");
        }
    }

    /**
     * No vote will come from the node for now: its connection was closed, or nothing but an open connection is left of it. A
     * command of it may go on.
     */
    record Unreachable(String node) implements OfNode {}

    /**
     * The node has a new connection or came back: what was on its way over the old connection, both ways, may be lost. Comes
     * before anything that the node says over the new one.
     */
    record InDoubt(String node) implements OfNode {}

    /** The node's heartbeat says that it has committed to this job. */
    record ReportsCommitted(String node) implements OfNode {}

    /** The node's heartbeat says that it runs this job. */
    record ReportsRunning(String node) implements OfNode {}

    /** The node's heartbeats have said for longer than a grace period that it does nothing. */
    record ReportsIdle(String node) implements OfNode {}
}
