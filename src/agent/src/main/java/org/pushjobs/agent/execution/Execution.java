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
    private static final Logger LOG = LoggerFactory.getLogger(Execution.class);
    private static final Duration TERM_GRACE = Duration.ofSeconds(5);

    private final CommandRunner runner;
    private final PreparedJob job;
    private final ExecutionListener listener;
    private final CompletableFuture<Void> killRequested = new CompletableFuture<>();
    private final CountDownLatch over = new CountDownLatch(1);

    Execution(CommandRunner runner, PreparedJob job, ExecutionListener listener) {
        this.runner = runner;
        this.job = job;
        this.listener = listener;
    }

    /**
     * Ends the command and all that is in its process group: TERM, after 5 s KILL. Returns at once; the listener hears of
     * the end when nothing is left.
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
        Process process;
        try {
            if (job.file().isPresent()) {
                jobFile = Optional.of(JobFile.write(runner.fileDir(), job.file().get(), job.user()));
            }
            process = runner.processBuilder(job, jobFile).start();
        } catch (IOException | IllegalArgumentException e) {
            remove(jobFile);
            over.countDown();
            listener.startFailed(String.valueOf(e.getMessage()));
            return;
        }
        listener.started();
        CommandOutcome outcome = follow(process);
        remove(jobFile);
        over.countDown();
        listener.ended(outcome);
    }

    private CommandOutcome follow(Process process) {
        Optional<OutputPump> pump =
                job.capture() ? Optional.of(new OutputPump(process, runner.captureLimitBytes())) : Optional.empty();
        CompletableFuture<Process> exit = process.onExit();
        awaitExit(CompletableFuture.anyOf(exit, killRequested), pump);
        if (!exit.isDone()) {
            Thread terminator =
                    Thread.ofVirtual().name("kill-" + job.jobId()).start(() -> terminate(process.toHandle()));
            awaitExit(exit, pump);
            joinUninterruptibly(terminator);
        }
        pump.ifPresent(OutputPump::finish);
        return new CommandOutcome(process.exitValue(), pump.map(OutputPump::captured));
    }

    private static void awaitExit(CompletableFuture<?> event, Optional<OutputPump> pump) {
        if (pump.isPresent()) {
            pump.get().runUntil(event);
        } else {
            event.join();
        }
    }

    private void terminate(ProcessHandle leader) {
        try {
            if (!new ProcessGroup(leader).terminate(TERM_GRACE)) {
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

    private void remove(Optional<Path> jobFile) {
        if (jobFile.isPresent()) {
            try {
                Files.deleteIfExists(jobFile.get());
            } catch (IOException e) {
                LOG.warn("a job file could not be removed [job: {}, cause: {}]", job.jobId(), e.toString());
            }
        }
    }
}
