package org.pushjobs.server.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.bus.WireCodecs;
import org.pushjobs.server.facts.TermBeat;
import org.pushjobs.server.facts.TermLocation;
import org.pushjobs.server.jobs.model.JobStatus;
import org.pushjobs.server.testing.Await;

class JobsOverBusTest {
    private static final JobAbortRequest ABORT = new JobAbortRequest("org", "job", "alice");

    private final Vertx vertx = Vertx.vertx();
    private final TermLocation location = new TermLocation(System::nanoTime);
    private final JobsOverBus jobs = new JobsOverBus(vertx, location);

    JobsOverBusTest() {
        JobCodecs.register(vertx);
    }

    @AfterEach
    void close() {
        Await.result(vertx.close());
    }

    private void term(long epoch, JobStatus answer) {
        JobCodecs.ABORT.consumer(
                vertx, TermOverBus.aborts(epoch), (message, _) -> JobCodecs.STATUS.reply(message, answer));
    }

    private static void assertNoCoordinator(Future<?> asked) {
        assertThat(Await.failure(asked)).isInstanceOfSatisfying(ServerException.class, failure -> {
            assertThat(failure.status()).isEqualTo(503);
            assertThat(failure).hasMessageStartingWith("no coordinator is active");
        });
    }

    @Test
    void withoutATermTheAnswerSaysSoAtOnceOrAfterAWhile() {
        assertNoCoordinator(jobs.liveIds());
        assertNoCoordinator(jobs.storeLag());
        assertNoCoordinator(jobs.abort(ABORT));
    }

    @Test
    void theNewestTermIsAsked() {
        term(3, JobStatus.COMPLETE);
        term(4, JobStatus.ABORTED);
        location.heard(new TermBeat(4));
        location.heard(new TermBeat(3));

        assertThat(Await.result(jobs.abort(ABORT))).isEqualTo(JobStatus.ABORTED);
    }

    @Test
    void requestThatNoTermHasTakenGoesToTheNextOne() {
        location.heard(new TermBeat(3));

        Future<JobStatus> asked = jobs.abort(ABORT);
        Await.until("it is known that there is none", () -> location.current().isEmpty());
        term(4, JobStatus.ABORTED);
        location.heard(new TermBeat(4));

        assertThat(Await.result(asked)).isEqualTo(JobStatus.ABORTED);
    }

    @Test
    void requestThatATermHasNotTakenBecauseItIsOverGoesToTheNextOne() {
        JobCodecs.ABORT.consumer(vertx, TermOverBus.aborts(3), (message, _) -> Refusal.notTaken(message));
        location.heard(new TermBeat(3));

        Future<JobStatus> asked = jobs.abort(ABORT);
        Await.until("it is known that it is over", () -> location.current().isEmpty());
        term(4, JobStatus.ABORTED);
        location.heard(new TermBeat(4));

        assertThat(Await.result(asked)).isEqualTo(JobStatus.ABORTED);
    }

    @Test
    void requestThatATermHasRefusedIsNotMadeAgain() {
        AtomicLong asked = new AtomicLong();
        JobCodecs.ABORT.consumer(vertx, TermOverBus.aborts(3), (message, _) -> {
            asked.incrementAndGet();
            message.fail(409, "it has ended");
        });
        location.heard(new TermBeat(3));

        assertThat(Await.failure(jobs.abort(ABORT)))
                .isInstanceOfSatisfying(
                        ServerException.class,
                        failure -> assertThat(failure.status()).isEqualTo(409))
                .hasMessage("it has ended");
        assertThat(asked).hasValue(1);
    }

    @Test
    void termThatHasEndedIsNotAskedUntilItIsHeardAgain() {
        MessageConsumer<?> ids = WireCodecs.TEXT.consumer(
                vertx, TermOverBus.liveIds(3), (message, _) -> WireCodecs.TEXTS.reply(message, List.of("job")));
        location.heard(new TermBeat(3));
        assertThat(Await.result(jobs.liveIds())).containsExactly("job");

        Await.result(ids.unregister());

        assertNoCoordinator(jobs.liveIds());
        assertThat(location.current()).isEmpty();
    }
}
