package org.pushjobs.agent.execution;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of a job's command, from the writing of its file to the removal of it. Usable from any thread. */
public final class Execution {
    static final Duration TERM_GRACE = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(Execution.class);

    private final CommandRunner runner;
    private final PreparedJob job;
    private final RunLimits limits;
    private final ExecutionListener listener;
    private final CompletableFuture<Void> killRequested = new CompletableFuture<>();
    private final CompletableFuture<Void> overtime = new CompletableFuture<>();
    private final CountDownLatch over = new CountDownLatch(1);

    Execution(CommandRunner runner, PreparedJob job, RunLimits limits, ExecutionListener listener) {
        this.runner = runner;
        this.job = job;
        this.limits = limits;
        this.listener = listener;
    }

    /**
     * Ends the command and all its processes: TERM, after 5 s KILL. Returns at once; the listener hears of the end when
     * nothing is left.
     */
    public void kill() {
        killRequested.complete(null);
    }

    /** Waits until the command has ended and its file is gone; false when that took longer. */
    public boolean awaitEnd(Duration limit) throws InterruptedException {
        return over.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    void run() {
        Optional<Path> jobFile = Optional.empty();
        Optional<OutputSpool> output = Optional.empty();
        Optional<TailPump> tail = Optional.empty();
        Optional<RunningMark> mark = Optional.empty();
        Process process;
        try {
            if (job.file().isPresent()) {
                jobFile = Optional.of(JobFile.write(runner.fileDir(), job.file().get(), job.user()));
            }
            if (job.capture()) {
                output = Optional.of(OutputSpool.open(runner.fileDir(), limits.outputBytes()));
            }
            tail = tail();
            mark = mark();
            process = runner.processBuilder(
                            job, jobFile, tail.map(TailPump::to).orElse(ProcessBuilder.Redirect.DISCARD))
                    .start();
            tail.ifPresent(TailPump::started);
        } catch (IOException | RuntimeException | Error e) {
            LOG.debug("a command could not be started [job: {}]", job.jobId(), e);
            giveBack(jobFile, mark);
            output.ifPresent(OutputSpool::close);
            tail.ifPresent(TailPump::close);
            over.countDown();
            listener.startFailed(e instanceof IOException ? String.valueOf(e.getMessage()) : e.toString());
            return;
        }
        CommandOutcome outcome = outcome(process, output, tail);
        giveBack(jobFile, mark);
        over.countDown();
        listener.ended(outcome);
    }

    /** Keeps the last of what the command writes, where that is wanted; without it the command runs as well. */
    private Optional<TailPump> tail() {
        int bytes = Math.min(limits.tailBytes(), runner.tailBytes());
        if (job.capture() || bytes == 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(new TailPump(bytes, runner.reader()));
        } catch (IOException e) {
            LOG.warn("the last of a command's output is not kept [job: {}, cause: {}]", job.jobId(), e.toString());
            return Optional.empty();
        }
    }

    /** Without it the command runs as well. */
    private Optional<RunningMark> mark() {
        try {
            return Optional.of(RunningMark.set(runner.fileDir(), runner.nodeName(), job.jobId()));
        } catch (IOException e) {
            LOG.warn("a command could not be marked as running [job: {}, cause: {}]", job.jobId(), e.toString());
            return Optional.empty();
        }
    }

    /** Whatever goes wrong here: a command that was started comes to an end, and the node is free for the next. */
    private CommandOutcome outcome(Process process, Optional<OutputSpool> output, Optional<TailPump> tail) {
        try {
            listener.started(output);
            return follow(process, output, tail);
        } catch (RuntimeException | Error e) {
            LOG.error("a command could not be watched and is ended [job: {}]", job.jobId(), e);
            terminate(process.toHandle());
            output.filter(spool -> !spool.isSealed()).ifPresent(OutputSpool::seal);
            tail.ifPresent(TailPump::close);
            return new CommandOutcome(process.onExit().join().exitValue(), false, output);
        }
    }

    private CommandOutcome follow(Process process, Optional<OutputSpool> output, Optional<TailPump> tail) {
        Optional<Pump> pump = output.<Pump>map(spool -> new OutputPump(process, spool, listener::outputGrew))
                .or(() -> tail);
        limits.runTime().ifPresent(time -> overtime.completeOnTimeout(null, time.toMillis(), TimeUnit.MILLISECONDS));
        CompletableFuture<Process> exit = process.onExit();
        awaitExit(CompletableFuture.anyOf(exit, killRequested, overtime), pump);
        boolean timedOut = !exit.isDone() && !killRequested.isDone();
        overtime.cancel(false);
        if (timedOut) {
            LOG.warn("a command's run time is over [job: {}]", job.jobId());
            listener.timingOut();
        }
        if (!exit.isDone()) {
            Thread terminator =
                    Thread.ofVirtual().name("kill-" + job.jobId()).start(() -> terminate(process.toHandle()));
            awaitExit(exit, pump);
            joinUninterruptibly(terminator);
        }
        pump.ifPresent(Pump::finish);
        return new CommandOutcome(
                process.exitValue(),
                timedOut,
                output,
                tail.filter(_ -> process.exitValue() != 0).flatMap(TailPump::tail));
    }

    private static void awaitExit(CompletableFuture<?> event, Optional<Pump> pump) {
        if (pump.isPresent()) {
            pump.get().runUntil(event);
        } else {
            event.join();
        }
    }

    private void terminate(ProcessHandle leader) {
        try {
            if (!JobProcesses.of(runner.nodeName(), job.jobId(), leader).terminate(TERM_GRACE)) {
                LOG.error("a command cannot be killed [job: {}, process group: {}]", job.jobId(), leader.pid());
            }
        } catch (IOException e) {
            LOG.error("a command could not be killed [job: {}, cause: {}]", job.jobId(), e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void joinUninterruptibly(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void giveBack(Optional<Path> jobFile, Optional<RunningMark> mark) {
        mark.ifPresent(RunningMark::close);
        if (jobFile.isPresent()) {
            try {
                Files.deleteIfExists(jobFile.get());
            } catch (IOException e) {
                LOG.warn("a job file could not be removed [job: {}, cause: {}]", job.jobId(), e.toString());
            }
        }
    }
}
