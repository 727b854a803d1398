package org.pushjobs.agent.execution;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Remembers what an execution told. */
final class Recorded implements ExecutionListener {
    private final CompletableFuture<Optional<OutputSpool>> started = new CompletableFuture<>();
    private final CompletableFuture<CommandOutcome> ended = new CompletableFuture<>();
    private final AtomicInteger growths = new AtomicInteger();
    private volatile boolean timingOut;

    @Override
    public void started(Optional<OutputSpool> output) {
        started.complete(output);
    }

    @Override
    public void outputGrew() {
        growths.incrementAndGet();
    }

    @Override
    public void timingOut() {
        timingOut = true;
    }

    @Override
    public void startFailed(String reason) {
        started.completeExceptionally(new IllegalStateException(reason));
        ended.completeExceptionally(new IllegalStateException(reason));
    }

    @Override
    public void ended(CommandOutcome outcome) {
        ended.complete(outcome);
    }

    Optional<OutputSpool> awaitStart() throws Exception {
        return started.get(20, TimeUnit.SECONDS);
    }

    int growths() {
        return growths.get();
    }

    boolean toldOfTimingOut() {
        return timingOut;
    }

    CommandOutcome awaitEnd() throws Exception {
        return ended.get(30, TimeUnit.SECONDS);
    }

    boolean hasEnded() {
        return ended.isDone();
    }
}
