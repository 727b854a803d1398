package org.pushjobs.simulator.failover;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.pushjobs.simulator.diary.Entry;
import org.pushjobs.simulator.diary.Entry.What;
import org.pushjobs.simulator.failover.Request.Outcome;

class GapsTest {
    private static Entry entry(long at, What what, String node) {
        return new Entry(at, what, node, Optional.empty());
    }

    private static Request request(int number, long at, Outcome outcome) {
        return new Request(number, at, at + 10, outcome, Request.NO_ANSWER, Optional.of("job" + number));
    }

    private static StoredJob job(int number, String status) {
        return new StoredJob("job" + number, "", status, Map.of(), List.of());
    }

    @Test
    void gapsLastFromTheLastGoodAnswerToTheNextOne() {
        List<Request> starts = List.of(
                request(0, 100, Outcome.DONE),
                request(1, 200, Outcome.UNKNOWN),
                request(2, 300, Outcome.REFUSED),
                request(3, 700, Outcome.DONE),
                request(4, 800, Outcome.DONE));
        History history = new History(
                List.of(),
                List.of(150L, 600L),
                List.of(
                        entry(100, What.BACK, "n0"),
                        entry(160, What.LOST, "n1"),
                        entry(400, What.BACK, "n1"),
                        entry(500, What.LOST, "n1"),
                        entry(550, What.BACK, "n1"),
                        entry(300, What.BACK, "n2"),
                        entry(800, What.BACK, "n2"),
                        entry(560, What.LOST, "n3"),
                        entry(810, What.BACK, "n3")),
                List.of(),
                List.of(request(0, 200, Outcome.UNKNOWN), request(1, 250, Outcome.DONE)),
                starts,
                Map.of("job0", job(0, "complete"), "job3", job(3, "quorum_failed"), "job4", job(4, "complete")),
                List.of());

        Gaps gaps = Gaps.of(history);

        assertThat(gaps.agents()).containsExactlyInAnyOrder(400L, 150L, 200L, 660L);
        assertThat(gaps.reads()).isEqualTo(110);
        assertThat(gaps.starts()).isEqualTo(600);
        assertThat(gaps.work()).isEqualTo(700);
    }

    @Test
    void agentsThatGoWhereTheyAreAskedToHaveNoGap() {
        History history = new History(
                List.of(),
                List.of(150L),
                List.of(
                        entry(160, What.LOST, "n1"),
                        entry(400, What.BACK, "n1"),
                        entry(900, What.LEFT, "n1"),
                        entry(910, What.BACK, "n1"),
                        entry(900, What.LEFT, "n2"),
                        entry(920, What.LOST, "n2"),
                        entry(950, What.BACK, "n2")),
                List.of(),
                List.of(),
                List.of(),
                Map.of(),
                List.of());

        assertThat(Gaps.of(history).agents()).containsExactlyInAnyOrder(250L, 800L);
    }

    @Test
    void percentilesAreValuesThatOccur() {
        List<Long> sorted = List.of(1L, 2L, 3L, 4L);

        assertThat(SummaryCommand.at(sorted, 0.5)).isEqualTo(2);
        assertThat(SummaryCommand.at(sorted, 0.95)).isEqualTo(4);
        assertThat(SummaryCommand.at(List.of(7L), 0.5)).isEqualTo(7);
    }
}
