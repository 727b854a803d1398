package org.pushjobs.agent.link;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.pushjobs.agent.execution.CommandOutcome;
import org.pushjobs.agent.execution.CommandRunner;
import org.pushjobs.agent.execution.Execution;
import org.pushjobs.agent.execution.ExecutionListener;
import org.pushjobs.agent.execution.JobPreparation;
import org.pushjobs.agent.execution.OutputSpool;
import org.pushjobs.agent.execution.PreparedJob;
import org.pushjobs.agent.execution.Refusal;
import org.pushjobs.agent.execution.RefusedJobException;
import org.pushjobs.agent.execution.RunLimits;
import org.pushjobs.agent.job.AgentMachine;
import org.pushjobs.agent.job.JobEffect;
import org.pushjobs.agent.job.JobInput;
import org.pushjobs.agent.job.JobPhase;
import org.pushjobs.agent.job.JobResult;
import org.pushjobs.agent.job.ResultKeeper;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.JobState;
import org.pushjobs.protocol.message.NackReason;
import org.pushjobs.protocol.message.ServerMessage;
import org.pushjobs.protocol.message.ServerMessage.Commit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out what {@link AgentMachine} decides, and keeps what is to be sent until the command port takes it. Belongs to
 * the agent's thread; what blocks runs on virtual threads, and its outcome comes back through the mailbox. Its length is
 * that of the list of effects, which only together keep a job's state.
 */
final class JobDesk {
    private static final Logger LOG = LoggerFactory.getLogger(JobDesk.class);

    /** Every answer belongs to a message of the server, so more can only wait when it floods us. */
    private static final int MOST_ANSWERS = 32;

    private final JobPreparation preparation;
    private final CommandRunner runner;
    private final Mailbox mailbox;
    private final Deque<Outgoing> answers = new ArrayDeque<>();
    private final ResultKeeper results = new ResultKeeper();
    private JobPhase phase = new JobPhase.Idle();
    private Optional<Execution> execution = Optional.empty();
    private Optional<OutputSender> output = Optional.empty();
    private Optional<Duration> runTime = Optional.empty();
    private int outputLimitBytes;
    private int tailLimitBytes;
    private CompletableFuture<Void> leftoversEnding = CompletableFuture.completedFuture(null);

    /** @param outputLimitBytes the most that is kept of each channel for a server that does not say how much it takes */
    JobDesk(JobPreparation preparation, CommandRunner runner, Mailbox mailbox, int outputLimitBytes) {
        this.preparation = preparation;
        this.runner = runner;
        this.mailbox = mailbox;
        this.outputLimitBytes = outputLimitBytes;
    }

    /**
     * Ends what an earlier agent has left running; a job that comes meanwhile is prepared when that is done, or has failed.
     *
     * @param ending blocks for some seconds at most
     */
    void endLeftovers(Runnable ending) {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        leftoversEnding = ended;
        try {
            Thread.ofVirtual().name("leftovers").start(() -> {
                try {
                    ending.run();
                } catch (RuntimeException | Error e) {
                    leftoversStay(e);
                } finally {
                    ended.complete(null);
                }
            });
        } catch (RuntimeException | Error e) {
            leftoversStay(e);
            ended.complete(null);
        }
    }

    private static void leftoversStay(Throwable problem) {
        LOG.error("what an earlier agent left running could not be ended", problem);
    }

    /**
     * From the next command on so much is kept of each channel.
     *
     * @param tailBytes the most that is kept of the end of what is not captured
     */
    void limitOutput(int bytes, int tailBytes) {
        outputLimitBytes = bytes;
        tailLimitBytes = tailBytes;
    }

    /** The server asks for a vote. The whitelist answers at once, so that what it refuses never keeps the agent busy. */
    void commit(Commit commit) {
        apply(preparation
                .refusalAtOnce(commit)
                .<JobInput>map(refusal -> new JobInput.CommitRefused(commit.jobId(), refusal))
                .orElseGet(() -> new JobInput.CommitReceived(commit)));
    }

    /** A job that is over, or comes when nobody wants it any more, gives its lock back. */
    void apply(JobInput input) {
        Optional<PreparedJob> before = phase.prepared();
        AgentMachine.Transition transition = AgentMachine.apply(phase, input);
        phase = transition.phase();
        perform(transition.effect());
        Optional<PreparedJob> after = phase.prepared();
        before.filter(job -> after.isEmpty() || after.get() != job).ifPresent(PreparedJob::release);
        if (input instanceof JobInput.Prepared(var _, var job) && (after.isEmpty() || after.get() != job)) {
            job.release();
        }
    }

    private void perform(JobEffect effect) {
        switch (effect) {
            case JobEffect.Prepare(var commit) -> {
                runTime = commit.runTimeoutSeconds().stream()
                        .mapToObj(Duration::ofSeconds)
                        .findFirst();
                startPreparing(commit);
            }
            case JobEffect.AckCommit(var jobId) -> {
                LOG.info("committed to a job [job: {}]", jobId);
                answer(new Outgoing(Optional.of(jobId), AgentMessage.AckCommit::new));
            }
            case JobEffect.NackCommit(var jobId, var refusal) -> {
                LOG.warn("refused a job [job: {}, reason: {}]", jobId, refusal.text());
                answer(new Outgoing(
                        Optional.of(jobId), envelope -> new AgentMessage.NackCommit(envelope, reason(refusal))));
            }
            case JobEffect.Start(var job) -> start(job);
            case JobEffect.AckRun(var jobId) -> {
                LOG.info("started a command [job: {}]", jobId);
                answer(new Outgoing(Optional.of(jobId), AgentMessage.AckRun::new));
            }
            case JobEffect.NackRun(var jobId, var refusal) -> {
                LOG.warn("did not start a command [job: {}, reason: {}]", jobId, refusal.text());
                answer(new Outgoing(
                        Optional.of(jobId), envelope -> new AgentMessage.NackRun(envelope, reason(refusal))));
            }
            case JobEffect.Kill(var job) -> {
                LOG.info("killing a command [job: {}]", job.jobId());
                execution.ifPresent(Execution::kill);
            }
            case JobEffect.Report(var job, var outcome) -> {
                LOG.info("a command ended [job: {}, exit status: {}]", job.jobId(), outcome.exitStatus());
                execution = Optional.empty();
                results.add(new JobResult(job.jobId(), outcome));
            }
            case JobEffect.Aborted(var jobId) -> {
                Optional<String> dropped = jobId.or(() -> results.next().map(JobResult::jobId));
                execution = Optional.empty();
                results.clear();
                output.ifPresent(OutputSender::discard);
                output = Optional.empty();
                LOG.info("dropped everything as the server asked [job: {}]", dropped.orElse("none"));
                answer(new Outgoing(dropped, AgentMessage.Aborted::new));
            }
            case JobEffect.Ignored(var inPhase, var input) ->
                LOG.warn(
                        "nothing to do for an event [event: {}, state: {}, job: {}]",
                        input.getClass().getSimpleName(),
                        inPhase.getClass().getSimpleName(),
                        inPhase.jobId().orElse("none"));
        }
    }

    /** A machine that has no thread to spare now must not leave a node that waits for ever. */
    private void startPreparing(Commit commit) {
        CompletableFuture<Void> first = leftoversEnding;
        try {
            Thread.ofVirtual().name("prepare-" + commit.jobId()).start(() -> {
                first.join();
                prepare(commit);
            });
        } catch (RuntimeException | Error e) {
            LOG.error("a job could not be prepared [job: {}]", commit.jobId(), e);
            apply(new JobInput.Refused(
                    commit, new Refusal(Refusal.Kind.PREPARATION_FAILED, "the job could not be prepared: " + e)));
        }
    }

    private void start(PreparedJob job) {
        try {
            execution = Optional.of(
                    runner.start(job, new RunLimits(outputLimitBytes, tailLimitBytes, runTime), new Outcomes(job)));
        } catch (RuntimeException | Error e) {
            LOG.error("a command could not be started [job: {}]", job.jobId(), e);
            apply(new JobInput.StartFailed(job, e.toString()));
        }
    }

    private static Optional<NackReason> reason(Refusal refusal) {
        return Optional.of(new NackReason(refusal.kind().label(), refusal.text()));
    }

    private void prepare(Commit commit) {
        JobInput outcome;
        try {
            outcome = new JobInput.Prepared(commit, preparation.prepare(commit));
        } catch (RefusedJobException e) {
            outcome = new JobInput.Refused(commit, e.refusal());
        }
        post(outcome);
    }

    private void post(JobInput input) {
        mailbox.post(() -> apply(input));
    }

    private void answer(Outgoing message) {
        if (answers.size() == MOST_ANSWERS) {
            LOG.warn("too many answers wait, the oldest is dropped [waiting: {}]", MOST_ANSWERS);
            answers.removeFirst();
        }
        answers.addLast(message);
    }

    /** Brings a command's fate back to the agent's thread. */
    private final class Outcomes implements ExecutionListener {
        private final PreparedJob job;

        private Outcomes(PreparedJob job) {
            this.job = job;
        }

        @Override
        public void started(Optional<OutputSpool> spool) {
            mailbox.post(() -> {
                output = spool.map(filling -> new OutputSender(job.jobId(), filling));
                apply(new JobInput.Started(job));
            });
        }

        @Override
        public void outputGrew() {
            mailbox.wake();
        }

        @Override
        public void timingOut() {
            mailbox.post(() -> answer(
                    new Outgoing(Optional.of(job.jobId()), Outgoing.Audience.EXTENDED, AgentMessage.TimingOut::new)));
        }

        @Override
        public void startFailed(String reason) {
            post(new JobInput.StartFailed(job, reason));
        }

        @Override
        public void ended(CommandOutcome outcome) {
            post(new JobInput.Ended(job, outcome));
        }
    }

    /** Answers that wait to be sent, oldest first. */
    Deque<Outgoing> answers() {
        return answers;
    }

    /** Results that wait to be sent, and those that were sent a short while ago. */
    ResultKeeper results() {
        return results;
    }

    /** Output that is on its way to a server of protocol 2.1, or would be if the server were one. */
    Optional<OutputSender> output() {
        return output;
    }

    /** The result to be sent next, once all its output is with the server. */
    Optional<JobResult> resultWithOutputSent() {
        return results.next()
                .filter(result -> output.filter(sender -> sender.jobId().equals(result.jobId()))
                        .map(OutputSender::isDone)
                        .orElse(true));
    }

    /** Part of a command's output is with the server. */
    void outputAcknowledged(ServerMessage.AckOutput ack, long nowMillis) {
        output.filter(sender -> sender.jobId().equals(ack.jobId()))
                .ifPresent(sender -> sender.acknowledged(ack.channel(), ack.offset(), ack.more(), nowMillis));
    }

    /** What is on its way and not acknowledged may be lost: the connection broke, or is a new one. */
    void sendUnacknowledgedAgain() {
        results.keepUnacknowledged();
        output.ifPresent(OutputSender::sendAgain);
    }

    /** Drops answers that a server which was away does not wait for any more. */
    void dropAnswers() {
        if (!answers.isEmpty()) {
            LOG.info("answers are not sent any more, the server was away [answers: {}]", answers.size());
            answers.clear();
        }
    }

    /** Keeps what was sent since then for another time, as it may be lost. */
    void keepResultsSince(long thenMillis) {
        List<JobResult> doubtful = results.keepSentSince(thenMillis);
        for (JobResult result : doubtful) {
            LOG.warn("a result may be lost, it will be sent again [job: {}]", result.jobId());
        }
    }

    /** What the machine is at, results that wait left aside. */
    JobState phaseState() {
        return phase.reported();
    }

    /** What heartbeats say: a job whose result is not sent yet still runs. */
    JobState reportedState() {
        return resultIsReported() ? JobState.RUNNING : phase.reported();
    }

    /** The job that heartbeats name. */
    Optional<String> reportedJob() {
        if (resultIsReported()) {
            return results.next().map(JobResult::jobId);
        }
        return phase.reported() == JobState.IDLE ? Optional.empty() : phase.jobId();
    }

    private boolean resultIsReported() {
        return phase.reported() == JobState.IDLE && results.next().isPresent();
    }

    /** Kills the command that runs; returns whether it has ended within the limit. */
    boolean stop(Duration limit) throws InterruptedException {
        try {
            execution.ifPresent(Execution::kill);
            return execution.isEmpty() || execution.get().awaitEnd(limit);
        } finally {
            phase.prepared().ifPresent(PreparedJob::release);
        }
    }
}
