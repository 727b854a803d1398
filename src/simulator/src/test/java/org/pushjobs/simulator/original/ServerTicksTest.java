package org.pushjobs.simulator.original;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pushjobs.simulator.original.ServerTicks.Tick;

class ServerTicksTest {
    /** {@code t}: a tick, {@code h}: a server heartbeat; what the ticks come to: Beat, Went away, Quiet. */
    @ParameterizedTest
    @CsvSource({
        "tttt, BBBB",
        "ttttt, BBBBW",
        "tttttt, BBBBWQ",
        "tttthttttt, BBBBBBBBW",
        "ththththt, BBBBB",
        "ttttthtttttttt, BBBBWQQQQQQQQ",
        "ttttthhht, BBBBWQ",
        "ttttthhhht, BBBBWB",
        "ttttthhhhttttt, BBBBWBBBBW",
        "ttttthhhhttttthhht, BBBBWBBBBWQ",
        "ttttththtthtttht, BBBBWQQQQQQB",
    })
    void serverIsGivenUpAtTheFifthSilentTickAndBelievedInAgainWithTheFourthHeartbeat(String events, String expected) {
        ServerTicks ticks = new ServerTicks(3, 2);
        StringBuilder seen = new StringBuilder();

        for (char event : events.toCharArray()) {
            if (event == 'h') {
                ticks.heard();
            } else {
                seen.append(ticks.tick().name().charAt(0));
            }
        }

        assertThat(seen).hasToString(expected);
        assertThat(ticks.isOnline())
                .isEqualTo(expected.endsWith(Tick.BEAT.name().substring(0, 1)));
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 2, 2", "1, 0, 3, 2", "5, 3, 7, 5"})
    void thresholdsAreTheServers(int offline, int online, int silentTicks, int heartbeats) {
        ServerTicks ticks = new ServerTicks(offline, online);
        List<Tick> seen = new ArrayList<>();
        while (ticks.isOnline()) {
            seen.add(ticks.tick());
        }
        int heard = 0;
        while (!ticks.isOnline()) {
            ticks.heard();
            heard++;
        }

        assertThat(seen).hasSize(silentTicks).endsWith(Tick.WENT_AWAY);
        assertThat(heard).isEqualTo(heartbeats);
    }
}
