package org.pushjobs.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class UnprovenConnectionsTest {
    private static final InetAddress ONE = InetAddress.ofLiteral("192.0.2.1");
    private static final InetAddress TWO = InetAddress.ofLiteral("192.0.2.2");
    private static final InetAddress THREE = InetAddress.ofLiteral("192.0.2.3");

    private final UnprovenConnections unproven = new UnprovenConnections(3, 2);

    @Test
    void anAddressThatIsFullKeepsNoOtherOut() {
        assertThat(unproven.enter(ONE)).isTrue();
        assertThat(unproven.enter(ONE)).isTrue();
        assertThat(unproven.enter(ONE)).isFalse();
        assertThat(unproven.enter(TWO)).isTrue();
    }

    @Test
    void whoLeavesMakesRoom() {
        unproven.enter(ONE);
        unproven.enter(ONE);
        unproven.leave(ONE);
        assertThat(unproven.enter(ONE)).isTrue();
        assertThat(unproven.enter(ONE)).isFalse();
    }

    @Test
    void thereIsABoundForAllTogether() {
        unproven.enter(ONE);
        unproven.enter(ONE);
        unproven.enter(TWO);
        assertThat(unproven.enter(THREE)).isFalse();
        unproven.leave(ONE);
        assertThat(unproven.enter(THREE)).isTrue();
    }
}
