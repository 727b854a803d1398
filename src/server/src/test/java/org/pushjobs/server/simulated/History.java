package org.pushjobs.server.simulated;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.pushjobs.server.jobs.model.JobStatus;
import org.pushjobs.server.jobs.model.NodeStatus;

/** What really happened in a simulated world, in order; it is what the {@link Checker} judges. */
final class History {
    private final Timeline timeline;
    private final List<Entry> entries = new ArrayList<>();

    /** @param millis since the world's beginning */
    record Entry(long millis, Happening what) {
        @Override
        public String toString() {
            return "%8.3f %s".formatted(millis / 1000.0, what);
        }
    }

    sealed interface Happening {}

    // ---- on the nodes

    /** An agent started a job's command. */
    record Executed(String node, String jobId, String command) implements Happening {}

    /** @param end how the command really ended */
    record Ended(String node, String jobId, CommandEnd end) implements Happening {}

    enum CommandEnd {
        SUCCEEDED,
        FAILED,
        /** The server had it aborted. */
        KILLED,
        /** With its agent. */
        DIED
    }

    /** An agent refused to commit. */
    record Refused(String node, String jobId, boolean busy) implements Happening {}

    /** The agent was told that its result need not be kept. */
    record Acknowledged(String node, String jobId) implements Happening {}

    /** What an agent says once was lost on the way, or with the gateway that had it. */
    record ResultLost(String node, String jobId) implements Happening {}

    // ---- in the database

    /** What was committed, and in which term. */
    sealed interface Stored extends Happening {
        long epoch();
    }

    /** @param key under which it was asked for, with its requestor */
    record JobStored(long epoch, String jobId, String command, Optional<String> key) implements Stored {}

    record JobStatusStored(long epoch, String jobId, JobStatus from, JobStatus to) implements Stored {}

    record NodeStatusStored(long epoch, String jobId, String node, NodeStatus from, NodeStatus to, String reason)
            implements Stored {}

    record EventStored(long epoch, String jobId, int seq, String event) implements Stored {}

    /** Another event has its place. */
    record EventLost(long epoch, String jobId, int seq, String event) implements Stored {}

    /** A term begins: nothing of those before it is written any more. */
    record EpochRaised(long epoch) implements Happening {}

    /**
     * Somebody has the lease until then, by the database's clock.
     *
     * @param nowMillis by the same clock
     */
    record Leased(String holder, long epoch, long nowMillis, long untilMillis) implements Happening {}

    // ---- of those who use the API

    /** @param key empty when it is not to be recognised when it comes again */
    record StartAsked(int request, String command, Optional<String> key) implements Happening {}

    record Started(int request, String jobId) implements Happening {}

    /** It was told that the job does not run and will not. */
    record NotStarted(int request) implements Happening {}

    /** It was told that this is not known, or was told nothing. */
    record StartUnknown(int request) implements Happening {}

    record AbortAsked(String jobId) implements Happening {}

    record AbortTaken(String jobId, JobStatus status) implements Happening {}

    /** A reader's question for a job that was told to be started. */
    record Found(String reader, String jobId, Optional<JobStatus> status) implements Happening {}

    /** A reader got an event of a job's feed. */
    record Read(String reader, String jobId, int seq, String event) implements Happening {}

    // ---- what explains that something does not end as it should

    /**
     * The world was unkind to a node, or to whoever has it, until now.
     *
     * @param sinceMillis since when; empty for a moment
     */
    record Disturbed(String node, Disturbance what, OptionalLong sinceMillis) implements Happening {}

    enum Disturbance {
        /** Its agent ended, or did not move. */
        AGENT,
        /** No gateway heard it. */
        SILENT,
        /** Its gateway did not move. */
        GATEWAY,
        /** What its gateway says did not arrive, or what it is told. */
        LINES,
        /** Its agent did not listen while it had a job. */
        DEAF,
        /** It was aborted. */
        ABORTED,
        /** It came to a gateway that does not know it, without a job. */
        NEW_HERE,
        /** It lost one connection after the other. */
        UNSETTLED,
        /** Its clock was wrong. */
        CLOCK
    }

    /** For people. */
    record Note(String text) implements Happening {
        @Override
        public String toString() {
            return text;
        }
    }

    History(Timeline timeline) {
        this.timeline = timeline;
    }

    void add(Happening what) {
        entries.add(new Entry(timeline.millis(), what));
    }

    List<Entry> entries() {
        return entries;
    }
}
