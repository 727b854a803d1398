package org.pushjobs.protocol.message;

import java.util.Objects;
import java.util.OptionalInt;

/** A command from the server to one agent on the command port (wire-protocol.md, "Server → agent"). */
public sealed interface ServerMessage {
    /**
     * Asks the agent whether it will run the job.
     *
     * @param server the server's name, informational
     * @param runTimeoutSeconds how long the command may run; only for agents that speak protocol 2.1
     */
    record Commit(String jobId, String server, JobSpec spec, OptionalInt runTimeoutSeconds) implements ServerMessage {
        public Commit {
            Objects.requireNonNull(jobId, "jobId");
            Objects.requireNonNull(server, "server");
            Objects.requireNonNull(spec, "spec");
            Objects.requireNonNull(runTimeoutSeconds, "runTimeoutSeconds");
        }

        /** As every agent understands it. */
        public Commit(String jobId, String server, JobSpec spec) {
            this(jobId, server, spec, OptionalInt.empty());
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

    /** Protocol 2.1: the result of this job is stored, or not wanted any more; the agent may forget it. */
    record AckResult(String jobId) implements ServerMessage {
        public AckResult {
            Objects.requireNonNull(jobId, "jobId");
        }
    }

    /**
     * Protocol 2.1: answer to {@link AgentMessage.OutputChunk}.
     *
     * @param offset so many bytes of the channel, from its start, are stored
     * @param more whether the server wants what comes after them
     */
    record AckOutput(String jobId, OutputChannel channel, long offset, boolean more) implements ServerMessage {
        public AckOutput {
            Objects.requireNonNull(jobId, "jobId");
            Objects.requireNonNull(channel, "channel");
        }
    }
}
