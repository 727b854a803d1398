package org.pushjobs.server.simulated;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.pushjobs.protocol.message.JobSpec;
import org.pushjobs.server.jobs.JobAbortRequest;
import org.pushjobs.server.jobs.JobRequest;
import org.pushjobs.server.jobs.Term;
import org.pushjobs.server.jobs.model.IdempotencyKey;
import org.pushjobs.server.jobs.model.JobTerms;

/**
 * An API process and those who use it: starts jobs, with keys and without, aborts some, and asks again when it is told that this
 * may help. Its requests go to the term that it has heard of last.
 */
final class VirtualClient {
    private static final long ANSWER_MILLIS = 10_000;
    private static final String NOT_STARTED = "the job was not started";
    private static final int MOST_ATTEMPTS = 20;

    private final World world;
    private final SplittableRandom random;
    private final VirtualProcess process;
    private long epoch;

    VirtualClient(World world, SplittableRandom random, VirtualProcess process) {
        this.world = world;
        this.random = random;
        this.process = process;
        world.network().listen(process, beat -> epoch = Math.max(epoch, beat.epoch()));
    }

    VirtualProcess process() {
        return process;
    }

    /** A job on some nodes, sooner or later. */
    void startJob(List<String> nodes, int quorum, Work work, boolean captures) {
        Optional<IdempotencyKey> key = random.nextInt(3) > 0
                ? Optional.of(new IdempotencyKey("key-" + work.name(), work.name()))
                : Optional.empty();
        JobSpec spec = new JobSpec(
                work.command(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), captures);
        attempt(
                new JobRequest(
                        World.ORG,
                        "alice",
                        new JobTerms(spec, nodes, quorum, World.RUN_TIMEOUT_SECONDS),
                        key,
                        Optional.empty()),
                work.name(),
                1);
    }

    private void attempt(JobRequest request, String name, int number) {
        int attempt = world.nextRequest();
        Optional<String> key = request.key().map(IdempotencyKey::value);
        world.history().add(new History.StartAsked(attempt, name, key));
        ask(term -> term.start(request)).onComplete(answer -> {
            if (answer.succeeded()) {
                world.history().add(new History.Started(attempt, answer.result()));
                world.started(answer.result());
                return;
            }
            boolean isCertain = answer.cause() instanceof NobodyThere
                    || Optional.ofNullable(answer.cause().getMessage())
                            .orElse("")
                            .startsWith(NOT_STARTED);
            world.history().add(isCertain ? new History.NotStarted(attempt) : new History.StartUnknown(attempt));
            if (key.isPresent() && number < MOST_ATTEMPTS) {
                VirtualClient next =
                        world.clients().get(random.nextInt(world.clients().size()));
                process.after(500 + random.nextInt(3_000), () -> next.attempt(request, name, number + 1));
            }
        });
    }

    void abort(String jobId) {
        world.history().add(new History.AbortAsked(jobId));
        ask(term -> term.abort(new JobAbortRequest(World.ORG, jobId, "alice")))
                .onSuccess(status -> world.history().add(new History.AbortTaken(jobId, status)));
    }

    /** Nobody has seen the question. */
    private static final class NobodyThere extends Exception {
        private static final long serialVersionUID = 1L;

        private NobodyThere() {
            super("nobody is there");
        }
    }

    private <T> Future<T> ask(Function<Term, Future<T>> question) {
        Promise<T> answer = Promise.promise();
        Optional<Coordinator.Active> active = world.activeIn(epoch);
        if (active.isEmpty()) {
            answer.fail(new NobodyThere());
            return answer.future();
        }
        process.after(ANSWER_MILLIS, () -> answer.tryFail(new TimeoutException("no answer")));
        VirtualProcess there = active.get().process();
        world.network()
                .carry(
                        process,
                        there,
                        () -> world.activeIn(active.get().epoch())
                                .ifPresent(still -> question.apply(still.term())
                                        .onComplete(result -> world.network().carry(there, process, () -> {
                                            if (result.succeeded()) {
                                                answer.tryComplete(result.result());
                                            } else {
                                                answer.tryFail(result.cause());
                                            }
                                        }))));
        return answer.future();
    }

    static List<String> some(SplittableRandom random, List<String> all, int count) {
        List<String> rest = new ArrayList<>(all);
        List<String> chosen = new ArrayList<>();
        while (chosen.size() < count && !rest.isEmpty()) {
            chosen.add(rest.remove(random.nextInt(rest.size())));
        }
        return chosen;
    }
}
