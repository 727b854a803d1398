package org.pushjobs.server.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.pushjobs.server.testing.VirtualSchedule;

class ScheduleTest {
    private final VirtualSchedule schedule = new VirtualSchedule();
    private final List<Long> done = new ArrayList<>();

    @Test
    void periodicActionIsDoneAgainAndAgainUntilItIsEnded() {
        Runnable end = schedule.every(100, () -> done.add(schedule.nowMillis()));

        schedule.pass(350);
        assertThat(done).containsExactly(100L, 200L, 300L);

        end.run();
        schedule.pass(1_000);
        assertThat(done).hasSize(3);
    }

    @Test
    void periodicActionCanEndItself() {
        List<Runnable> end = new ArrayList<>();
        end.add(schedule.every(100, () -> {
            done.add(schedule.nowMillis());
            end.getFirst().run();
        }));

        schedule.pass(1_000);

        assertThat(done).containsExactly(100L);
    }

    @Test
    void periodicActionGoesOnWhenItHasFailed() {
        schedule.every(100, () -> {
            done.add(schedule.nowMillis());
            throw new IllegalStateException("on purpose");
        });

        assertThatThrownBy(() -> schedule.pass(150)).hasMessage("on purpose");
        assertThatThrownBy(() -> schedule.pass(150)).hasMessage("on purpose");

        assertThat(done).containsExactly(100L, 200L);
    }
}
