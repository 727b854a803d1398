package org.pushjobs.server.store;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.pushjobs.config.DatabaseConfig;

/** Asks several hosts of a database, all at once, which of them takes writes. To be used on one context. */
final class HostSearch {
    /** For a host to let us in and to answer. */
    static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(1);

    /**
     * After a promotion the last checkpoint is still one of the timeline before, for minutes perhaps; until the next one the
     * new timeline is where recovery has ended. That is read first, because the next checkpoint removes it.
     */
    private static final String QUESTION = """
            select current_setting('transaction_read_only'),
                (pg_control_recovery()).min_recovery_end_timeline,
                (pg_control_checkpoint()).timeline_id,
                (pg_control_system()).system_identifier""";

    private final Vertx vertx;
    private final List<DatabaseConfig.External> hosts;

    private record Question(DatabaseConfig.External host, Future<HostAnswer> answer) {
        private HostAnswer answerSoFar() {
            return answer.isComplete()
                    ? answer.result()
                    : new HostAnswer.Failed(host, new TimeoutException("was not waited for"));
        }
    }

    HostSearch(Vertx vertx, List<DatabaseConfig.External> hosts) {
        this.vertx = Objects.requireNonNull(vertx, "vertx");
        this.hosts = List.copyOf(hosts);
    }

    /**
     * What all hosts say, in their order; those that do not say it in time, or after another one said enough, have failed.
     * Never fails itself.
     */
    Future<List<HostAnswer>> ask(Predicate<HostAnswer> enough) {
        List<Question> questions =
                hosts.stream().map(host -> new Question(host, ask(host))).toList();
        Promise<List<HostAnswer>> answered = Promise.promise();
        questions.forEach(question -> question.answer().onSuccess(answer -> {
            if (enough.test(answer)) {
                answered.tryComplete(answersSoFar(questions));
            }
        }));
        Future.all(questions.stream().map(Question::answer).toList())
                .onSuccess(_ -> answered.tryComplete(answersSoFar(questions)));
        return answered.future();
    }

    private static List<HostAnswer> answersSoFar(List<Question> questions) {
        return questions.stream().map(Question::answerSoFar).toList();
    }

    private Future<HostAnswer> ask(DatabaseConfig.External host) {
        Pool pool = PgSettings.question(vertx, PgSettings.connection(host), ANSWER_TIMEOUT);
        return pool.query(QUESTION)
                .execute()
                .timeout(ANSWER_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .map(rows -> answer(host, rows.iterator().next()))
                .otherwise(cause -> new HostAnswer.Failed(host, readable(cause)))
                .onComplete(_ -> pool.close());
    }

    private static HostAnswer answer(DatabaseConfig.External host, Row row) {
        return row.getString(0).equals("on")
                ? new HostAnswer.ReadOnly(host)
                : new HostAnswer.Writable(host, row.getLong(3), Math.max(row.getInteger(1), row.getInteger(2)));
    }

    private static Throwable readable(Throwable cause) {
        return cause instanceof TimeoutException
                ? new TimeoutException("no answer within " + ANSWER_TIMEOUT.toMillis() + " ms")
                : cause;
    }
}
