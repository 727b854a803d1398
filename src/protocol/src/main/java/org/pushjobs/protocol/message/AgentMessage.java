package org.pushjobs.protocol.message;

import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/** A message from an agent to the server on the command port (wire-protocol.md, "Body frame"). */
public sealed interface AgentMessage {
    AgentEnvelope envelope();

    /** The job this message is about, see {@link AgentEnvelope#jobId()}. */
    default Optional<String> jobId() {
        return envelope().jobId();
    }

    /**
     * Periodic sign of life with what the agent is doing.
     *
     * @param maxCommitBytes protocol 2.1 only: the largest body of a commit that the agent takes; empty when it is what the
     *     configuration document says of all messages
     */
    record Heartbeat(AgentEnvelope envelope, JobState jobState, OptionalInt maxCommitBytes) implements AgentMessage {
        public Heartbeat {
            Objects.requireNonNull(maxCommitBytes, "maxCommitBytes");
        }

        /** As an agent of protocol 2.0 says it. */
        public Heartbeat(AgentEnvelope envelope, JobState jobState) {
            this(envelope, jobState, OptionalInt.empty());
        }
    }

    /** Vote: ready to run the job. */
    record AckCommit(AgentEnvelope envelope) implements AgentMessage {}

    /**
     * Vote: will not run the job.
     *
     * @param reason protocol 2.1 only
     */
    record NackCommit(AgentEnvelope envelope, Optional<NackReason> reason) implements AgentMessage {
        /** As an agent of protocol 2.0 says it. */
        public NackCommit(AgentEnvelope envelope) {
            this(envelope, Optional.empty());
        }
    }

    /** The command was started. */
    record AckRun(AgentEnvelope envelope) implements AgentMessage {}

    /**
     * The command was not started.
     *
     * @param reason protocol 2.1 only
     */
    record NackRun(AgentEnvelope envelope, Optional<NackReason> reason) implements AgentMessage {
        /** As an agent of protocol 2.0 says it. */
        public NackRun(AgentEnvelope envelope) {
            this(envelope, Optional.empty());
        }
    }

    /** The command ended. */
    sealed interface Result extends AgentMessage {
        /** What it wrote, if the job wants that and it comes with the result. */
        Optional<Output> output();

        /** Protocol 2.1 only. */
        Optional<Ending> ending();

        /** The same result with this output. */
        Result with(Optional<Output> other);

        /** The same result with this ending. */
        Result ended(Optional<Ending> other);
    }

    /**
     * The command ended with exit status 0.
     *
     * @param ending protocol 2.1 only
     */
    record Succeeded(AgentEnvelope envelope, Optional<Output> output, Optional<Ending> ending) implements Result {
        /** As an agent of protocol 2.0 says it. */
        public Succeeded(AgentEnvelope envelope, Optional<Output> output) {
            this(envelope, output, Optional.empty());
        }

        @Override
        public Succeeded with(Optional<Output> other) {
            return new Succeeded(envelope, other, ending);
        }

        @Override
        public Succeeded ended(Optional<Ending> other) {
            return new Succeeded(envelope, output, other);
        }
    }

    /**
     * The command ended with another exit status, or by a signal.
     *
     * @param ending protocol 2.1 only
     */
    record Failed(AgentEnvelope envelope, Optional<Output> output, Optional<Ending> ending) implements Result {
        /** As an agent of protocol 2.0 says it. */
        public Failed(AgentEnvelope envelope, Optional<Output> output) {
            this(envelope, output, Optional.empty());
        }

        @Override
        public Failed with(Optional<Output> other) {
            return new Failed(envelope, other, ending);
        }

        @Override
        public Failed ended(Optional<Ending> other) {
            return new Failed(envelope, output, other);
        }
    }

    /** Protocol 2.1: the command's run time is over, the agent is ending it; its result follows. */
    record TimingOut(AgentEnvelope envelope) implements AgentMessage {}

    /**
     * Protocol 2.1: a part of the output of the command that runs. Answered by {@link ServerMessage.AckOutput}.
     *
     * @param offset bytes of the channel that come before it
     * @param data treat as read-only
     */
    record OutputChunk(AgentEnvelope envelope, OutputChannel channel, long offset, byte[] data)
            implements AgentMessage {
        public OutputChunk {
            Objects.requireNonNull(channel, "channel");
            Objects.requireNonNull(data, "data");
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof OutputChunk(var itsEnvelope, var itsChannel, var itsOffset, var itsData)
                    && envelope.equals(itsEnvelope)
                    && channel == itsChannel
                    && offset == itsOffset
                    && Arrays.equals(data, itsData);
        }

        @Override
        public int hashCode() {
            return Objects.hash(envelope, channel, offset, Arrays.hashCode(data));
        }

        /** Leaves out the data. */
        @Override
        public String toString() {
            return "OutputChunk[job=" + jobId().orElse("-") + ", channel=" + channel + ", offset=" + offset + ", data="
                    + data.length + " bytes]";
        }
    }

    /** Protocol 2.1: the agent stops; nothing more will come of it. */
    record Goodbye(AgentEnvelope envelope) implements AgentMessage {}

    /** Answer to an abort: whatever the agent did, it now does nothing. */
    record Aborted(AgentEnvelope envelope) implements AgentMessage {}
}
