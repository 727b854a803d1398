package org.pushjobs.server.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.pushjobs.server.testing.VirtualSchedule;

class TermScheduleTest {
    private final VirtualSchedule schedule = new VirtualSchedule();
    private final List<String> done = new ArrayList<>();
    private boolean held = true;
    private final TermSchedule term = new TermSchedule(schedule, () -> held);

    @Test
    void doesWhatIsDueWhileTheLeaseIsHeld() {
        term.soon(() -> done.add("soon"));
        term.after(100, () -> done.add("after"));

        schedule.pass(200);

        assertThat(done).containsExactly("soon", "after");
    }

    @Test
    void doesNothingOnceItIsEnded() {
        term.soon(() -> done.add("soon"));
        term.after(100, () -> done.add("after"));

        term.end();
        schedule.pass(200);

        assertThat(done).isEmpty();
    }

    @Test
    void doesNothingWhenTheLeaseIsLostAndNobodyHasSaidSoYet() {
        term.after(100, () -> done.add("after"));

        held = false;
        schedule.pass(200);
        held = true;
        term.soon(() -> done.add("zombie"));
        schedule.pass(200);

        assertThat(done).isEmpty();
        assertThat(term.isOver()).isTrue();
    }

    @Test
    void whatIsTakenBackIsNotDone() {
        Runnable cancel = term.after(100, () -> done.add("after"));

        cancel.run();
        schedule.pass(200);

        assertThat(done).isEmpty();
    }

    @Test
    void anAnswerThatComesWhenItIsOverIsNotHeard() {
        Promise<String> late = Promise.promise();
        Future<String> heard = term.within(1_000, late.future()).onComplete(result -> done.add("heard"));

        term.end();
        late.complete("late");
        schedule.pass(2_000);

        assertThat(heard.isComplete()).isFalse();
        assertThat(done).isEmpty();
    }

    @Test
    void anAnswerThatDoesNotComeIsATimeOut() {
        Future<String> heard = term.within(1_000, Promise.<String>promise().future());

        schedule.pass(1_500);

        assertThat(heard.failed()).isTrue();
    }
}
