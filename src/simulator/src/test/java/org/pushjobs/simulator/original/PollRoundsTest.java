package org.pushjobs.simulator.original;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PollRoundsTest {
    private static final long OPENED = 10_000;

    /** Times are milliseconds since the opening; {@code h}: a server heartbeat, {@code c}: a message over the command port. */
    @ParameterizedTest
    @CsvSource({
        "'', 4019, false",
        "'', 4020, true",
        "c4019, 99999, false",
        "c4020, 4020, true",
        "h100 h200 h300, 1304, false",
        "h100 h200 h300, 1310, true",
        "h100 h200 h300 h400, 400, true",
        "h100 h200 h300 c300 h400, 99999, false",
        "h100 h200 h300 h400 c400, 99999, true",
        "h1000 h2000 h3000, 3999, false",
        "h1000 h2000 h3000 h4000, 4000, true",
        "h3500, 3500, true",
        "c3499 h3500, 99999, false",
        "c1, 99999, false",
        "c1 h2 h3 h4 h5 h6, 99999, false",
    })
    void fourRoundsWithoutACommandEndTheReading(String events, long until, boolean deaf) {
        PollRounds rounds = new PollRounds(OPENED);

        for (String event : events.isEmpty() ? new String[0] : events.split(" ")) {
            long at = OPENED + Long.parseLong(event.substring(1));
            if (event.startsWith("c")) {
                rounds.command(at);
            } else {
                rounds.other(at);
            }
        }
        rounds.pass(OPENED + until);

        assertThat(rounds.isDeaf()).isEqualTo(deaf);
        assertThat(rounds.isAnswered()).isEqualTo(events.contains("c") && !deaf);
    }

    @Test
    void sleepOfTheReaderIsPartOfItsRound() {
        PollRounds rounds = new PollRounds(OPENED);
        rounds.other(OPENED + 500);

        rounds.slept(OPENED + 9_000);
        rounds.other(OPENED + 9_000);
        rounds.pass(OPENED + 10_000);
        assertThat(rounds.isDeaf()).isFalse();

        rounds.pass(OPENED + 11_020);
        assertThat(rounds.isDeaf()).isTrue();
    }
}
