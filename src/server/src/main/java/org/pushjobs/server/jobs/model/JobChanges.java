package org.pushjobs.server.jobs.model;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.pushjobs.protocol.message.Output;
import org.pushjobs.protocol.message.OutputTail;

/**
 * What changed in one job since it was last stored. Only the newest status of a node is kept: what a node was in between
 * is in the events.
 *
 * @param jobId the job
 * @param orgGuid its organisation
 * @param revision from 1; higher than in all earlier changes to the job. Changes that come after those of a higher one are
 *     dropped, and those that come again, too
 * @param status the job's new status, empty when it stays
 * @param abort that the job is to be aborted, where it was asked for just now
 * @param nodes the new status of each node that changed
 * @param outputs captured output by node; what is there already, and what comes after the end of the job, is dropped,
 *     whatever the revision
 * @param events in order, their sequence numbers rising
 * @param at when
 */
public record JobChanges(
        String jobId,
        String orgGuid,
        long revision,
        Optional<JobStatus> status,
        Optional<JobAbort> abort,
        Map<String, NodeChange> nodes,
        Map<String, Output> outputs,
        List<EventRow> events,
        Instant at) {
    public JobChanges {
        Objects.requireNonNull(jobId, "jobId");
        Objects.requireNonNull(orgGuid, "orgGuid");
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(abort, "abort");
        nodes = Map.copyOf(nodes);
        outputs = Map.copyOf(outputs);
        events = List.copyOf(events);
        Objects.requireNonNull(at, "at");
    }

    /** Changes without a request to abort the job. */
    public JobChanges(
            String jobId,
            String orgGuid,
            long revision,
            Optional<JobStatus> status,
            Map<String, NodeChange> nodes,
            Map<String, Output> outputs,
            List<EventRow> events,
            Instant at) {
        this(jobId, orgGuid, revision, status, Optional.empty(), nodes, outputs, events, at);
    }

    /** Captured output of a job and nothing else. */
    public static JobChanges ofOutputs(String jobId, String orgGuid, Map<String, Output> outputs, Instant at) {
        return new JobChanges(jobId, orgGuid, 0, Optional.empty(), Map.of(), outputs, List.of(), at);
    }

    /**
     * A node's new status.
     *
     * @param reason why, for people; empty where the status says it all
     * @param reasonCode why it refused the job, for programs
     * @param times the stations that it reached since it was last stored
     * @param end how its command ended
     * @param output what became of its output
     * @param tail the last that its failed command wrote, where that was not captured
     */
    public record NodeChange(
            NodeStatus status,
            Optional<String> reason,
            Optional<String> reasonCode,
            NodeTimes times,
            Optional<CommandEnd> end,
            OutputState output,
            Optional<OutputTail> tail) {
        public NodeChange {
            Objects.requireNonNull(tail, "tail");
            Objects.requireNonNull(status, "status");
            Objects.requireNonNull(reason, "reason");
            Objects.requireNonNull(times, "times");
            Objects.requireNonNull(output, "output");
            Objects.requireNonNull(reasonCode, "reasonCode");
            Objects.requireNonNull(end, "end");
        }

        /** A change that the node's agent said no more about. */
        public NodeChange(NodeStatus status, Optional<String> reason, NodeTimes times, OutputState output) {
            this(status, reason, Optional.empty(), times, Optional.empty(), output, Optional.empty());
        }

        /** A change at a time that nobody wants to know, of a node without output. */
        public NodeChange(NodeStatus status, Optional<String> reason) {
            this(status, reason, NodeTimes.NONE, new OutputState.None());
        }

        /** Both in one: this status, and the times of both. */
        public NodeChange after(NodeChange earlier) {
            return new NodeChange(status, reason, reasonCode, earlier.times.and(times), end, output, tail);
        }

        /** The same with a reason for people. */
        public NodeChange because(String newReason) {
            return new NodeChange(status, Optional.of(newReason), reasonCode, times, end, output, tail);
        }

        /** The same with another output. */
        public NodeChange with(OutputState newOutput) {
            return new NodeChange(status, reason, reasonCode, times, end, newOutput, tail);
        }

        /** The same of a node that refused the job for a reason that programs know. */
        public NodeChange refused(String newReasonCode) {
            return new NodeChange(status, reason, Optional.of(newReasonCode), times, end, output, tail);
        }

        /** The same of a command that ended so. */
        public NodeChange with(CommandEnd newEnd) {
            return new NodeChange(status, reason, reasonCode, times, Optional.of(newEnd), output, tail);
        }

        /** The same of a command that wrote this last. */
        public NodeChange with(OutputTail newTail) {
            return new NodeChange(status, reason, reasonCode, times, end, output, Optional.of(newTail));
        }
    }
}
