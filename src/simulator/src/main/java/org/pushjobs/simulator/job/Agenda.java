package org.pushjobs.simulator.job;

import java.time.Duration;
import java.util.Optional;
import org.pushjobs.protocol.message.JobState;
import org.pushjobs.simulator.script.Script;

/**
 * A simulated agent's rules for jobs (wire-protocol.md, "What the agent does with it"): one job at a time, a vote for every
 * commit, at most one start per commit; how it votes and what becomes of the command is up to the {@link Script}. Results
 * that cannot be sent wait, and until then the agent says that it runs the job; what becomes of one that is sent is for its
 * {@link Hands} to say. Not thread-safe.
 */
public final class Agenda {
    /** What an agenda can have done. */
    public interface Hands {
        /** Sends an answer; one that cannot be sent is lost. */
        void send(Answer answer, Optional<String> jobId);

        /**
         * Sends a result, if now is the time.
         *
         * @param said how often that was done before
         */
        Sending trySend(JobResult result, int said);

        /** Milliseconds of a monotonic clock. */
        long now();

        /** Does something later, on the same thread; at once when there is nothing to wait for. */
        void later(Duration delay, Runnable step);

        /** Does something that takes long, on the same thread, when those who came before have done it. */
        void inTurn(Runnable step);

        /** Drops the connection and never comes back. */
        void vanish();
    }

    /** Messages about a job that say nothing but their type. */
    public enum Answer {
        ACK_COMMIT,
        NACK_COMMIT,
        ACK_RUN,
        NACK_RUN,
        ABORTED
    }

    /** What became of a result that was to be sent. */
    public enum Sending {
        /** It was not sent, because it could not arrive; to be tried again. */
        NOT_NOW,
        /** It was sent, and nothing more will be heard of it. */
        FORGET,
        /** It was sent, and is to be kept until the server acknowledges it. */
        KEEP
    }

    /** What a {@code run} for the job that runs already is to an agent. */
    public enum RepeatedRun {
        /** Nothing. */
        IGNORED,
        /** As one for another job: the original's agents refuse it. */
        REFUSED
    }

    /** The end of a command. */
    public record JobResult(String jobId, Script.Result result, int outputBytes) {
        public JobResult withoutOutput() {
            return new JobResult(jobId, result, 0);
        }
    }

    private final Hands hands;
    private final RepeatedRun repeatedRun;
    private final Results results;
    private JobState state = JobState.IDLE;
    private Optional<String> job = Optional.empty();
    private Script script = Script.SUCCEED;
    private boolean capture;
    private long turn;
    private long ended;

    public Agenda(Hands hands, RepeatedRun repeatedRun) {
        this.hands = hands;
        this.repeatedRun = repeatedRun;
        this.results = new Results(hands);
    }

    /** The server asks whether the agent will run a job. */
    public void commit(String jobId, Script wanted, boolean captureOutput) {
        if (state != JobState.IDLE || job.isPresent()) {
            hands.send(Answer.NACK_COMMIT, Optional.of(jobId));
            return;
        }
        switch (wanted.vote()) {
            case NACK -> hands.later(wanted.voteDelay(), () -> hands.send(Answer.NACK_COMMIT, Optional.of(jobId)));
            case VANISH -> hands.vanish();
            case ACK -> {
                job = Optional.of(jobId);
                script = wanted;
                capture = captureOutput;
                long mine = ++turn;
                hands.later(wanted.voteDelay(), () -> vote(mine, jobId));
            }
        }
    }

    /** A vote that comes too late is given all the same: that is what such scripts are for. */
    private void vote(long mine, String jobId) {
        if (mine == turn) {
            state = JobState.COMMITTED;
        }
        hands.send(Answer.ACK_COMMIT, Optional.of(jobId));
    }

    /** The server wants the job to run. */
    public void run(String jobId) {
        if (!job.equals(Optional.of(jobId)) || state == JobState.IDLE) {
            hands.send(Answer.NACK_RUN, Optional.of(jobId));
            return;
        }
        if (state == JobState.RUNNING) {
            switch (repeatedRun) {
                case IGNORED -> {}
                case REFUSED -> hands.send(Answer.NACK_RUN, Optional.of(jobId));
            }
            return;
        }
        switch (script.start()) {
            case NACK -> {
                clear();
                hands.send(Answer.NACK_RUN, Optional.of(jobId));
            }
            case VANISH -> {
                hands.send(Answer.ACK_RUN, Optional.of(jobId));
                hands.vanish();
            }
            case ACK -> {
                state = JobState.RUNNING;
                hands.send(Answer.ACK_RUN, Optional.of(jobId));
                long mine = turn;
                hands.later(script.runTime(), () -> endInTurn(mine, jobId));
            }
        }
    }

    private void endInTurn(long mine, String jobId) {
        if (outputBytes() == 0) {
            end(mine, jobId);
        } else {
            hands.inTurn(() -> end(mine, jobId));
        }
    }

    private int outputBytes() {
        return capture ? script.outputBytes() : 0;
    }

    private void end(long mine, String jobId) {
        if (mine != turn) {
            return;
        }
        ended++;
        results.add(new JobResult(jobId, script.result(), outputBytes()), script.resultCopies());
        clear();
        flush();
    }

    /** Lets the command that runs end now, as its script says. */
    public void finish() {
        if (state == JobState.RUNNING) {
            long mine = turn;
            job.ifPresent(jobId -> endInTurn(mine, jobId));
        }
    }

    /** The server wants everything dropped. */
    public void abort() {
        Optional<String> dropped = reportedJob();
        results.clear();
        clear();
        hands.send(Answer.ABORTED, dropped);
    }

    /** Sends results that wait; to be called when the connection works again. */
    public void flush() {
        results.flush();
    }

    /** Sends results that are not acknowledged again; to be called when the connection is a new one, before all else is sent. */
    public void sayAgain() {
        results.sayAgain();
    }

    /** Sends results again whose acknowledgement is overdue; to be called several times a second. */
    public void sayOverdue() {
        results.sayOverdue();
    }

    /** The server has stored the result of a job, or does not want it. */
    public void acknowledged(String jobId) {
        results.acknowledged(jobId);
    }

    private void clear() {
        state = JobState.IDLE;
        job = Optional.empty();
        turn++;
    }

    /** Forgets everything, as a new agent process. */
    public void reset() {
        results.clear();
        clear();
    }

    /** What it does about a job now; results may wait to be sent. */
    public JobState state() {
        return state;
    }

    /** What heartbeats say. */
    public JobState reportedState() {
        return results.nextJob().isEmpty() ? state : JobState.RUNNING;
    }

    /** The job that heartbeats name. */
    public Optional<String> reportedJob() {
        return results.nextJob().or(() -> state == JobState.IDLE ? Optional.empty() : job);
    }

    /** Commands that have ended, of whatever result. */
    public long ended() {
        return ended;
    }
}
