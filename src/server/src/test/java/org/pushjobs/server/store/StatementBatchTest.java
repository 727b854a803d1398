package org.pushjobs.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StatementBatchTest {
    private record Statement(List<Integer> questions, Promise<List<String>> outcome) {
        private void answer() {
            outcome.complete(questions.stream().map(String::valueOf).toList());
        }
    }

    private final List<Statement> statements = new ArrayList<>();
    private final StatementBatch<Integer, String> batch = new StatementBatch<>(questions -> {
        statements.add(new Statement(questions, Promise.promise()));
        return statements.getLast().outcome().future();
    });

    @Test
    void loneQuestionIsAskedAtOnce() {
        Future<String> answer = batch.ask(1);

        statements.getLast().answer();

        assertThat(answer.result()).isEqualTo("1");
        assertThat(statements).hasSize(1);
    }

    @Test
    void whatIsAskedMeanwhileGoesIntoOneStatement() {
        List<Future<String>> answers =
                IntStream.rangeClosed(1, 1_000).mapToObj(batch::ask).toList();

        statements.get(0).answer();
        statements.get(1).answer();
        statements.get(2).answer();

        assertThat(statements)
                .extracting(statement -> statement.questions().size())
                .containsExactly(1, 500, 499);
        assertThat(answers)
                .extracting(Future::result)
                .startsWith("1", "2")
                .endsWith("1000")
                .doesNotContainNull();
    }

    @Test
    void failureIsOnlyThatOfItsStatement() {
        Future<String> first = batch.ask(1);
        Future<String> second = batch.ask(2);
        Future<String> third = batch.ask(3);

        statements.get(0).answer();
        statements.get(1).outcome().fail(new IllegalStateException("broken"));
        Future<String> fourth = batch.ask(4);
        statements.get(2).answer();

        assertThat(first.result()).isEqualTo("1");
        assertThat(second.cause()).hasMessage("broken");
        assertThat(third.cause()).hasMessage("broken");
        assertThat(fourth.result()).isEqualTo("4");
    }

    @Test
    void statementThatCannotBeMadeFailsItsQuestions() {
        StatementBatch<Integer, String> broken = new StatementBatch<>(_ -> {
            throw new IllegalStateException("broken");
        });

        assertThat(broken.ask(1).cause()).hasMessage("broken");
        assertThat(broken.ask(2).cause()).hasMessage("broken");
    }

    @Test
    void callerGetsTheAnswerOnItsContext() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            // given
            Context context = vertx.getOrCreateContext();
            CompletableFuture<Boolean> onContext = new CompletableFuture<>();
            CompletableFuture<Void> asked = new CompletableFuture<>();
            context.runOnContext(_ -> {
                batch.ask(1).onComplete(_ -> onContext.complete(Vertx.currentContext() == context));
                asked.complete(null);
            });
            asked.get(10, TimeUnit.SECONDS);

            // when
            statements.getLast().answer();

            // then
            assertThat(onContext.get(10, TimeUnit.SECONDS)).isTrue();
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
    }
}
