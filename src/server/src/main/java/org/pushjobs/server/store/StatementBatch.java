package org.pushjobs.server.store;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.function.Function;
import org.pushjobs.server.ServerException;

/**
 * Makes one statement out of many: what is asked while a statement is under way waits and goes into the next one. So a
 * lone question is asked at once, and thousands of agents that come at the same time cost a few statements. Usable from
 * any thread; a caller on a Vert.x context gets the answer there. All questions of a statement that fails fail with it.
 */
final class StatementBatch<Q, A> {
    static final int QUESTIONS_PER_STATEMENT = 500;
    private static final int MAX_WAITING = 50_000;

    private final Function<List<Q>, Future<List<A>>> statement;
    private final Queue<Waiting<Q, A>> waiting = new ArrayDeque<>();
    private boolean underWay;

    private record Waiting<Q, A>(Q question, Promise<A> answer) {}

    /** @param statement answers questions in their order, with as many answers */
    StatementBatch(Function<List<Q>, Future<List<A>>> statement) {
        this.statement = Objects.requireNonNull(statement, "statement");
    }

    /** Fails like {@link JobStore}, and with status 503 when {@value #MAX_WAITING} questions wait already. */
    Future<A> ask(Q question) {
        Promise<A> answer = Promise.promise();
        Future<A> here = onThisContext(answer.future());
        boolean first;
        synchronized (this) {
            if (waiting.size() >= MAX_WAITING) {
                return Future.failedFuture(ServerException.unavailable(
                        "too many requests wait for the database [waiting: " + MAX_WAITING + "]"));
            }
            waiting.add(new Waiting<>(question, answer));
            first = !underWay;
            underWay = true;
        }
        if (first) {
            askNext();
        }
        return here;
    }

    private void askNext() {
        List<Waiting<Q, A>> batch = take();
        if (batch.isEmpty()) {
            return;
        }
        execute(batch.stream().map(Waiting::question).toList()).onComplete(result -> {
            askNext();
            for (int i = 0; i < batch.size(); i++) {
                Promise<A> answer = batch.get(i).answer();
                if (result.succeeded()) {
                    answer.complete(result.result().get(i));
                } else {
                    answer.fail(result.cause());
                }
            }
        });
    }

    private synchronized List<Waiting<Q, A>> take() {
        List<Waiting<Q, A>> batch = new ArrayList<>();
        while (batch.size() < QUESTIONS_PER_STATEMENT && !waiting.isEmpty()) {
            batch.add(waiting.remove());
        }
        underWay = !batch.isEmpty();
        return batch;
    }

    private Future<List<A>> execute(List<Q> questions) {
        try {
            return StoreErrors.translated(statement.apply(questions));
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    private static <T> Future<T> onThisContext(Future<T> answer) {
        Context context = Vertx.currentContext();
        if (context == null) {
            return answer;
        }
        Promise<T> here = Promise.promise();
        answer.onComplete(result -> context.runOnContext(_ -> here.handle(result)));
        return here.future();
    }
}
