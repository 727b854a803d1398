package org.pushjobs.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FairTurnsTest {
    private final List<String> started = new ArrayList<>();
    private final FairTurns turns = new FairTurns(2, 5);

    @Test
    void noMoreGoOnAtATimeThanAllowed() {
        enter("a1");
        enter("a2");
        enter("a3");

        assertThat(started).containsExactly("a1", "a2");
        turns.leave();
        assertThat(started).containsExactly("a1", "a2", "a3");
        turns.leave();
        turns.leave();
        enter("a4");
        assertThat(started).endsWith("a4");
    }

    @Test
    void fewFromOnePlaceDoNotWaitForManyFromAnother() {
        IntStream.rangeClosed(1, 6).forEach(n -> enter("a" + n));
        enter("b1");

        IntStream.rangeClosed(1, 5).forEach(_ -> turns.leave());

        assertThat(started).containsExactly("a1", "a2", "a3", "b1", "a4", "a5", "a6");
    }

    @Test
    void noMoreWaitThanAllowed() {
        IntStream.rangeClosed(1, 7).forEach(n -> assertThat(enter("a" + n)).isTrue());

        assertThat(enter("a8")).isFalse();
        turns.leave();
        assertThat(enter("a9")).isTrue();
        IntStream.rangeClosed(1, 6).forEach(_ -> turns.leave());
        assertThat(started).containsExactly("a1", "a2", "a3", "a4", "a5", "a6", "a7", "a9");
    }

    @Test
    void whatEndsAtOnceLetsTheNextOnesIn() {
        FairTurns single = new FairTurns(1, 100_000);
        single.enter("a", () -> {});
        IntStream.range(0, 100_000)
                .forEach(n -> single.enter("a", () -> {
                    started.add("a" + n);
                    single.leave();
                }));

        single.leave();

        assertThat(started).hasSize(100_000);
    }

    @Test
    void whatFailsToStartGivesItsTurnBack() {
        // given
        enter("a1");
        enter("a2");
        turns.enter("a", () -> {
            throw new IllegalStateException("thrown by the test");
        });
        enter("a3");
        enter("a4");

        // when
        assertThatThrownBy(turns::leave).hasMessage("thrown by the test");
        turns.leave();

        // then
        assertThat(started).containsExactly("a1", "a2", "a3", "a4");
    }

    private boolean enter(String name) {
        return turns.enter(name.substring(0, 1), () -> started.add(name));
    }
}
