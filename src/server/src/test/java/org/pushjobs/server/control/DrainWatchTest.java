package org.pushjobs.server.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.pushjobs.server.ServerException;

class DrainWatchTest {
    private final Deque<OptionalInt> answers = new ArrayDeque<>();
    private final List<String> lines = new ArrayList<>();

    /** The last answer stays. */
    private OptionalInt left() {
        return answers.size() > 1 ? answers.remove() : answers.getFirst();
    }

    private DrainWatch.End watch(Duration atMost) throws InterruptedException {
        return new DrainWatch(this::left, lines::add, atMost).await();
    }

    @Test
    void itEndsWhenAllHaveGone() throws Exception {
        answers.add(OptionalInt.of(3));
        answers.add(OptionalInt.of(0));

        assertThat(watch(Duration.ofDays(1))).isEqualTo(DrainWatch.End.ALL_GONE);
        assertThat(lines).containsExactly("no agent is left that has to go");
    }

    @Test
    void itEndsWhenTheTimeIsOverAndSaysHowManyAreLeft() throws Exception {
        answers.add(OptionalInt.of(3));

        assertThat(watch(Duration.ofSeconds(1))).isEqualTo(DrainWatch.End.TIME_OVER);
        assertThat(lines)
                .containsExactly("after 1 s agents that have yet to go: 3; they are served and the drain goes on");
    }

    @Test
    void itEndsWhenTheDrainHas() throws Exception {
        answers.add(OptionalInt.empty());

        assertThat(watch(Duration.ofDays(1))).isEqualTo(DrainWatch.End.NOT_DRAINED);
        assertThat(lines).containsExactly("this server is not being drained any more");
    }

    @Test
    void serverThatDoesNotAnswerEndsIt() {
        assertThatThrownBy(() -> new DrainWatch(
                                () -> {
                                    throw ServerException.unavailable("nobody there");
                                },
                                lines::add,
                                Duration.ofDays(1))
                        .await())
                .hasMessage("nobody there");
    }
}
