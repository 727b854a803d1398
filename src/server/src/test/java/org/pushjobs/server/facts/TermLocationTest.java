package org.pushjobs.server.facts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TermLocationTest {
    private long millis = -1_000;
    private final TermLocation location = new TermLocation(() -> TimeUnit.MILLISECONDS.toNanos(millis));

    @Test
    void nothingIsKnownBeforeATermIsHeard() {
        assertThat(location.current()).isEmpty();
    }

    @Test
    void newestTermCountsWhateverIsStillHeardOfAnOlderOne() {
        location.heard(new TermBeat(4));
        location.heard(new TermBeat(5));
        location.heard(new TermBeat(4));

        assertThat(location.current()).contains(5L);
    }

    @Test
    void silentTermIsNotThere() {
        location.heard(new TermBeat(4));
        millis += 5_000;
        assertThat(location.current()).contains(4L);

        millis += 1;

        assertThat(location.current()).isEmpty();
    }

    @Test
    void termThatDoesNotAnswerIsNotThereUntilItIsHeardAgain() {
        location.heard(new TermBeat(4));
        location.gone(3);
        assertThat(location.current()).contains(4L);

        location.gone(4);
        assertThat(location.current()).isEmpty();

        location.heard(new TermBeat(4));
        assertThat(location.current()).contains(4L);
    }
}
