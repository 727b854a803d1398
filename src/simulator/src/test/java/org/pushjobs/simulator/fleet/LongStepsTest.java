package org.pushjobs.simulator.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LongStepsTest {
    private final Queue<Runnable> afterPauses = new ArrayDeque<>();
    private final List<Integer> done = new ArrayList<>();
    private final LongSteps steps = new LongSteps(afterPauses::add);

    @Test
    void noStepIsTakenInTheTurnThatAddsIt() {
        steps.add(() -> done.add(1));
        steps.add(() -> done.add(2));

        assertThat(done).isEmpty();
        assertThat(afterPauses).hasSize(1);
        afterPauses.remove().run();
        assertThat(done).containsExactly(1, 2);
        assertThat(afterPauses).isEmpty();
    }

    @Test
    void othersHaveTheirTurnAfterEachSlice() {
        int pauses = 0;
        IntStream.range(0, 10)
                .forEach(number -> steps.add(() -> {
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LongSteps.SLICE_MILLIS));
                    done.add(number);
                }));

        while (!afterPauses.isEmpty()) {
            int before = done.size();
            afterPauses.remove().run();
            pauses++;
            assertThat(done.size() - before).isBetween(1, 2);
        }

        assertThat(done).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertThat(pauses).isGreaterThanOrEqualTo(5);
    }

    @Test
    void stepThatComesWhenAllIsDoneIsTakenToo() {
        steps.add(() -> done.add(1));
        afterPauses.remove().run();

        steps.add(() -> done.add(2));
        afterPauses.remove().run();

        assertThat(done).containsExactly(1, 2);
    }
}
