package org.pushjobs.server.spread;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.server.testing.LogCapture;

class PresentGatewaysTest {
    private static final GatewayNews ONE = GatewayNews.opened("1", "10.0.0.1", 10_000, 10_002, "i-1");
    private static final GatewayNews TWO = GatewayNews.opened("2", "10.0.0.2", 10_000, 10_002, "i-2");

    private final AtomicLong nanos = new AtomicLong(17);
    private final PresentGateways gateways = new PresentGateways(nanos::get);

    private Stream<String> chosen() {
        return IntStream.range(0, 50)
                .mapToObj(i -> new NodeRef("org", "node-" + i))
                .flatMap(node -> gateways.of(node).stream())
                .map(GatewayNews::gateway)
                .distinct();
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void nodesAreGivenToTheGatewaysThatAreHeard() {
        assertThat(gateways.of(new NodeRef("org", "node"))).isEmpty();

        gateways.heard(ONE);
        gateways.heard(TWO);

        assertThat(chosen()).containsExactlyInAnyOrder("1", "2");
    }

    @Test
    void gatewayThatLeftOrClosesOrFellSilentGetsNone() {
        gateways.heard(ONE);
        gateways.heard(TWO);
        gateways.left("1");
        assertThat(chosen()).containsExactly("2");

        gateways.heard(ONE);
        gateways.heard(TWO.with(7, Intake.CLOSED));
        assertThat(chosen()).containsExactly("1");
        assertThat(gateways.taking()).containsExactly(ONE);
        assertThat(gateways.all()).hasSize(2);

        gateways.heard(TWO);
        pass(PresentGateways.SILENCE.plusMillis(1));
        gateways.heard(TWO);
        assertThat(chosen()).containsExactly("2");
    }

    private static final GatewayNews AT_THE_SAME_PLACE = GatewayNews.opened("3", "10.0.0.1", 10_000, 10_002, "i-1");

    private void bothAreHeard(int seconds) {
        for (int second = 0; second < seconds; second++) {
            gateways.heard(ONE);
            gateways.heard(AT_THE_SAME_PLACE);
            pass(Duration.ofSeconds(1));
        }
    }

    @Test
    void gatewaysAtOnePlaceAreSaidOnceWhenTheyAreNotTwoLivesOfOne() {
        int overlap = (int) PresentGateways.OVERLAP.toSeconds();
        try (LogCapture log = new LogCapture(PresentGateways.class)) {
            gateways.heard(TWO);
            bothAreHeard(overlap);
            assertThat(log.messages(Level.WARN)).isEmpty();

            bothAreHeard(overlap);
            assertThat(log.messages(Level.WARN))
                    .singleElement()
                    .asString()
                    .startsWith("several gateways tell agents one address")
                    .endsWith("[address: 10.0.0.1:10002, ids: [1, 3]]");

            gateways.left("3");
            gateways.heard(ONE);
            bothAreHeard(2 * overlap);
            assertThat(log.messages(Level.WARN)).hasSize(2);
        }
    }

    @Test
    void gatewayThatStopsGivesItsPlaceToTheNext() {
        try (LogCapture log = new LogCapture(PresentGateways.class)) {
            for (int second = 0; second < 2 * PresentGateways.OVERLAP.toSeconds(); second++) {
                gateways.heard(ONE.with(0, Intake.CLOSED));
                gateways.heard(AT_THE_SAME_PLACE);
                pass(Duration.ofSeconds(1));
            }

            assertThat(log.messages(Level.WARN)).isEmpty();
        }
    }

    @Test
    void whoStoodStillHimselfHoldsNobodySilent() {
        gateways.heard(ONE);
        gateways.heard(TWO);

        pass(Duration.ofHours(1));

        assertThat(chosen()).containsExactlyInAnyOrder("1", "2");
    }

    @Test
    void gatewaysThatAreClosedServeWhereThereIsNoOther() {
        gateways.heard(ONE.with(0, Intake.CLOSED));
        gateways.heard(TWO.with(20, Intake.TOO_MANY));
        assertThat(chosen()).containsExactly("2");
        assertThat(gateways.takingBeside("2")).isEmpty();

        gateways.left("2");
        assertThat(chosen()).containsExactly("1");

        gateways.heard(TWO.with(0, Intake.CLOSED));
        assertThat(chosen()).containsExactlyInAnyOrder("1", "2");
    }

    @Test
    void gatewayWithTooManyGetsNoMoreWhileThereIsAnother() {
        gateways.heard(ONE.with(100, Intake.TOO_MANY));
        gateways.heard(TWO.with(20, Intake.OPEN));
        assertThat(chosen()).containsExactly("2");

        gateways.heard(TWO.with(120, Intake.TOO_MANY));
        assertThat(chosen()).containsExactly("1");

        gateways.left("1");
        assertThat(chosen()).containsExactly("2");
    }
}
