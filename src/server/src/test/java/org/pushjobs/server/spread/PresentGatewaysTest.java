package org.pushjobs.server.spread;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.pushjobs.protocol.NodeRef;

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
        assertThat(gateways.all()).containsExactly(ONE);

        gateways.heard(TWO);
        pass(PresentGateways.SILENCE.plusMillis(1));
        gateways.heard(TWO);
        assertThat(chosen()).containsExactly("2");
    }

    @Test
    void whoStoodStillHimselfHoldsNobodySilent() {
        gateways.heard(ONE);
        gateways.heard(TWO);

        pass(Duration.ofHours(1));

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
