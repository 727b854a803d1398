package org.pushjobs.zmtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HandshakeQueueTest {
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final List<String> done = new ArrayList<>();

    @Test
    void addressesTakeTurns() {
        // given
        HandshakeQueue queue = new HandshakeQueue(channel.eventLoop(), Duration.ofMinutes(1));
        for (int i = 0; i < 4; i++) {
            String step = "greedy-" + i;
            queue.add("10.0.0.1", () -> done.add(step));
        }
        queue.add("10.0.0.2", () -> done.add("second"));
        queue.add("10.0.0.3", () -> done.add("third"));

        // when
        channel.runPendingTasks();

        // then
        assertThat(done).containsExactly("greedy-0", "second", "third", "greedy-1", "greedy-2", "greedy-3");
    }

    @Test
    void aTurnOfTheEventLoopHasOneSlice() {
        // given: each step takes a whole slice
        channel.freezeTime();
        HandshakeQueue queue = new HandshakeQueue(channel.eventLoop(), Duration.ZERO);
        for (int i = 0; i < 3; i++) {
            String step = "step-" + i;
            queue.add("10.0.0.1", () -> done.add(step));
        }

        // when
        channel.runPendingTasks();

        // then
        assertThat(done).containsExactly("step-0");
        channel.advanceTimeBy(1, TimeUnit.MICROSECONDS);
        channel.runScheduledPendingTasks();
        assertThat(done).containsExactly("step-0", "step-1");
        channel.advanceTimeBy(1, TimeUnit.MICROSECONDS);
        channel.runScheduledPendingTasks();
        assertThat(done).containsExactly("step-0", "step-1", "step-2");
    }

    @Test
    void othersGoOnAfterAStepForWhichTheMemoryWasNotEnough() {
        // given
        channel.freezeTime();
        HandshakeQueue queue = new HandshakeQueue(channel.eventLoop(), Duration.ofMinutes(1));
        queue.add("10.0.0.1", () -> {
            throw new OutOfMemoryError("thrown by the test");
        });
        queue.add("10.0.0.2", () -> done.add("second"));

        // when
        assertThatThrownBy(channel::runPendingTasks).isInstanceOf(OutOfMemoryError.class);
        channel.advanceTimeBy(1, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        queue.add("10.0.0.3", () -> done.add("third"));
        channel.runPendingTasks();

        // then
        assertThat(done).containsExactly("second", "third");
    }

    @Test
    void stepMayAddAnother() {
        HandshakeQueue queue = new HandshakeQueue(channel.eventLoop(), Duration.ofMinutes(1));
        queue.add("10.0.0.1", () -> queue.add("10.0.0.1", () -> done.add("next")));
        channel.runPendingTasks();
        assertThat(done).containsExactly("next");
    }
}
