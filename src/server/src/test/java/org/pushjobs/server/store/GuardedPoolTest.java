package org.pushjobs.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.testing.Await;

class GuardedPoolTest {
    private final List<Promise<SqlConnection>> asked = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();
    private final GuardedPool pool = new GuardedPool(this::silentPool, failures::add);

    /** Answers when it is told to. */
    private Pool silentPool() {
        return (Pool) Proxy.newProxyInstance(
                Pool.class.getClassLoader(), new Class<?>[] {Pool.class}, (_, method, _) -> switch (method.getName()) {
                    case "getConnection" -> {
                        Promise<SqlConnection> answer = Promise.promise();
                        asked.add(answer);
                        yield answer.future();
                    }
                    case "close" -> Future.succeededFuture();
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    @Test
    void whatWasGivenUpFailsAtOnceAndTellsNothingAboutTheNewConnections() {
        Future<SqlConnection> old = pool.getConnection();

        // when
        pool.hung();
        pool.answers();

        // then
        assertThat(Await.failure(old)).isInstanceOf(ServerException.class).hasMessage("the database does not answer");

        // when
        asked.getFirst().fail(new IllegalStateException("read-only, for it was replaced"));
        Future<SqlConnection> current = pool.getConnection();
        asked.getLast().fail(new IllegalStateException("no space left"));

        // then
        assertThat(Await.failure(current)).hasMessage("no space left");
        assertThat(failures).extracting(Throwable::getMessage).containsExactly("no space left");
    }

    @Test
    void nothingIsAskedWhileTheDatabaseHangs() {
        pool.hung();

        assertThat(Await.failure(pool.getConnection())).isInstanceOf(ServerException.class);
        assertThat(asked).isEmpty();
    }

    @Test
    void longestWaitIsThatOfTheOldestWithoutAnswerAndNotOfOneThatWasGivenUp() {
        assertThat(pool.longestWait()).isZero();

        pool.getConnection();
        Await.until("it has waited", () -> pool.longestWait().compareTo(Duration.ofMillis(20)) > 0);
        pool.getConnection();
        assertThat(pool.longestWait()).isGreaterThan(Duration.ofMillis(20));

        // when
        asked.forEach(answer -> answer.fail("refused"));
        assertThat(pool.longestWait()).isZero();
        pool.getConnection();
        pool.hung();

        // then
        assertThat(pool.longestWait()).isZero();
    }
}
