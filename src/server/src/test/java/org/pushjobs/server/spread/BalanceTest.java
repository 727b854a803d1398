package org.pushjobs.server.spread;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BalanceTest {
    private static final Duration INTERVAL = Duration.ofSeconds(10);
    private static final int REST_SECONDS = 20;

    private final Balance balance = new Balance(INTERVAL);
    private long second;
    private int agents;
    private int asked;
    private List<GatewayNews> others = List.of();

    private static GatewayNews other(int number, int agents) {
        return GatewayNews.opened("life-" + number, "push-" + number, 1, 2, "incarnation")
                .with(agents, Intake.OPEN);
    }

    private int step() {
        int count = balance.step(1_000 * ++second, agents, asked, others);
        asked += count;
        return count;
    }

    private List<Integer> steps(int seconds) {
        return IntStream.range(0, seconds).mapToObj(_ -> step()).toList();
    }

    /** Those that were asked are with the other gateway. */
    private void go() {
        agents -= asked;
        others = List.of(other(1, others.getFirst().agents() + asked));
        asked = 0;
    }

    @Test
    void whatIsTooMuchGoesInStepsOnceTheOtherGatewayHasBeenThereForAWhile() {
        agents = 2_000;
        steps(100);
        others = List.of(other(1, 0));

        assertThat(steps(REST_SECONDS)).containsOnly(0);

        List<Integer> steps = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            steps.add(step());
            go();
        }
        assertThat(agents).isEqualTo(1_000);
        assertThat(steps.subList(0, 29)).containsOnly(34);
        assertThat(steps.subList(30, 60)).containsOnly(0);
    }

    @Test
    void agentsThatAreAtWorkAreAskedOnce() {
        agents = 200;
        others = List.of(other(1, 0));

        assertThat(steps(300).stream().mapToInt(Integer::intValue).sum()).isEqualTo(100);
        go();
        assertThat(steps(300)).containsOnly(0);
    }

    @Test
    void thoseThatGoByThemselvesCount() {
        agents = 200;
        others = List.of(other(1, 0));
        steps(REST_SECONDS);
        assertThat(step()).isEqualTo(Balance.FEW);

        // 85 have gone, and those that were asked are about to
        agents = 115;
        others = List.of(other(1, 85));

        assertThat(step()).isEqualTo(5);
        assertThat(steps(300)).containsOnly(0);
    }

    @ParameterizedTest
    @CsvSource({"1000, 1000", "1060, 940", "33, 27", "4, 0", "0, 100", "1, 1"})
    void whatChanceMakesStays(int here, int there) {
        agents = here;
        others = List.of(other(1, there));

        assertThat(steps(200)).containsOnly(0);
    }

    @Test
    void nothingIsConcludedWhileManyCome() {
        others = List.of(other(1, 0));
        List<Integer> steps = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            // the others are known as they were a second ago
            others = List.of(other(1, agents));
            agents += 150;
            steps.addAll(steps(1));
        }
        others = List.of(other(1, agents));

        assertThat(steps).containsOnly(0);
        assertThat(steps(200)).containsOnly(0);
    }

    @Test
    void ofThreeGatewaysEachThatHasTooManyGivesUpItsOwnSurplus() {
        agents = 900;
        others = List.of(other(1, 900), other(2, 0));

        assertThat(steps(300).stream().mapToInt(Integer::intValue).sum()).isEqualTo(300);
    }

    @Test
    void nobodyIsAskedWithoutAnotherGatewayNorAnyMoreWhenItGoesAway() {
        agents = 2_000;
        assertThat(steps(100)).containsOnly(0);
        others = List.of(other(1, 0));
        steps(REST_SECONDS);
        assertThat(step()).isPositive();
        assertThat(balance.isAsking()).isTrue();

        others = List.of();

        assertThat(steps(100)).containsOnly(0);
        assertThat(balance.isAsking()).isFalse();
    }

    @Test
    void anotherLifeOfAGatewayIsWaitedForAgain() {
        agents = 2_000;
        others = List.of(other(1, 0));
        steps(REST_SECONDS - 1);

        others = List.of(other(2, 0));

        assertThat(steps(REST_SECONDS)).containsOnly(0);
        assertThat(step()).isPositive();
    }
}
