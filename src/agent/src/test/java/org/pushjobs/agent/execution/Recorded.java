package org.pushjobs.agent.execution;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Remembers what an execution told. */
final class Recorded implements ExecutionListener {
    private final CompletableFuture<Void> started = new CompletableFuture<>();
    private final CompletableFuture<CommandOutcome> ended = new CompletableFuture<>();

    @Override
    public void started() {
        started.complete(null);
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

    void awaitStart() throws Exception {
        started.get(20, TimeUnit.SECONDS);
    }

    CommandOutcome awaitEnd() throws Exception {
        return ended.get(30, TimeUnit.SECONDS);
    }

    boolean hasEnded() {
        return ended.isDone();
    }
}
