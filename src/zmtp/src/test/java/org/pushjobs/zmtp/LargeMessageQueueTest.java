package org.pushjobs.zmtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pushjobs.zmtp.LargeMessageQueue.AT_ONCE;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LargeMessageQueueTest {
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final LargeMessageQueue queue = new LargeMessageQueue(channel.eventLoop());
    private final List<Integer> turns = new ArrayList<>();
    private final List<Integer> over = new ArrayList<>();

    private void add(int number) {
        queue.add(new LargeMessageQueue.Reader() {
            @Override
            public void turn() {
                turns.add(number);
            }

            @Override
            public void turnIsOver() {
                over.add(number);
            }
        });
    }

    private void nextTurnOfTheEventLoop() {
        channel.advanceTimeBy(1, TimeUnit.MICROSECONDS);
        channel.runScheduledPendingTasks();
    }

    @Test
    void someHaveTheirTurnInEachTurnOfTheEventLoop() {
        // given
        channel.freezeTime();
        for (int i = 0; i < AT_ONCE + 2; i++) {
            add(i);
        }

        // when
        channel.runPendingTasks();

        // then
        assertThat(turns).hasSize(AT_ONCE).first().isEqualTo(0);
        assertThat(over).isEmpty();
        nextTurnOfTheEventLoop();
        assertThat(turns).hasSize(AT_ONCE + 2).isSorted();
        assertThat(over).hasSize(AT_ONCE);
        nextTurnOfTheEventLoop();
        assertThat(over).isEqualTo(turns);
    }

    @Test
    void readerThatComesLaterHasItsTurnToo() {
        // given
        channel.freezeTime();
        add(1);
        channel.runPendingTasks();
        nextTurnOfTheEventLoop();

        // when
        add(2);
        channel.runPendingTasks();

        // then
        assertThat(turns).containsExactly(1, 2);
        nextTurnOfTheEventLoop();
        assertThat(over).containsExactly(1, 2);
    }
}
