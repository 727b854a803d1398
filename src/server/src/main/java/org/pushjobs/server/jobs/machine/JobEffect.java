package org.pushjobs.server.jobs.machine;

import java.util.List;
import java.util.Optional;
import org.pushjobs.protocol.message.Ending;
import org.pushjobs.protocol.message.NackReason;
import org.pushjobs.protocol.message.Output;
import org.pushjobs.server.jobs.model.JobStatus;
import org.pushjobs.server.jobs.model.NodeStatus;

/** What a job wants done. Those that are {@link Durable} are stored before any of the others is carried out. */
public sealed interface JobEffect {
    /** Goes into the database. */
    sealed interface Durable extends JobEffect {}

    record SetJobStatus(JobStatus status) implements Durable {}

    /** @param reason for people, empty where the status says it all */
    record SetNodeStatus(String node, NodeStatus status, Optional<String> reason) implements Durable {}

    /** Why the node refused the job, as its agent says; comes after its status. */
    record NoteRefusal(String node, NackReason reason) implements Durable {}

    /** How the node's command ended, as its agent says; comes after its status. */
    record NoteEnding(String node, Ending ending) implements Durable {}

    record KeepOutput(String node, Output output) implements Durable {}

    /** The job captures, but the node's result came without output. */
    record MissOutput(String node) implements Durable {}

    /**
     * The job is being aborted, also after a restart of the server.
     *
     * @param by who asked for it
     */
    record NoteAbort(String by) implements Durable {}

    /** An event of the job's feed; published once it is stored. */
    record Emit(FeedEvent event) implements Durable {}

    record SendCommit(List<String> nodes) implements JobEffect {}

    record SendRun(List<String> nodes) implements JobEffect {}

    record SendAbort(List<String> nodes) implements JobEffect {}

    /** Tells the node's agent that its result needs not be kept. */
    record AckResult(String node) implements JobEffect {}

    /** Aborts until the node answers {@code aborted}. */
    record Rehabilitate(String node) implements JobEffect {}

    record StartVotingTimer() implements JobEffect {}

    record StartRunTimer() implements JobEffect {}

    /** Takes the place of the run timer. */
    record StartAbortTimer() implements JobEffect {}

    /** Nothing more will happen in this job. */
    record End() implements JobEffect {}
}
