package org.pushjobs.protocol.message;

import java.util.Objects;

/** A command from the server to one agent on the command port (wire-protocol.md, "Server → agent"). */
public sealed interface ServerMessage {
    /**
     * Asks the agent whether it will run the job.
     *
     * @param server the server's name, informational
     */
    record Commit(String jobId, String server, JobSpec spec) implements ServerMessage {
        public Commit {
            Objects.requireNonNull(jobId, "jobId");
            Objects.requireNonNull(server, "server");
            Objects.requireNonNull(spec, "spec");
        }
    }

    /** Tells an agent that committed to the job to start it. */
    record Run(String jobId) implements ServerMessage {
        public Run {
            Objects.requireNonNull(jobId, "jobId");
        }
    }

    /** Drop whatever you do and answer {@code aborted}. */
    record Abort() implements ServerMessage {}

    /** Proof that the encrypted channel works after an address change; the agent does nothing. */
    record Ack() implements ServerMessage {}
}
