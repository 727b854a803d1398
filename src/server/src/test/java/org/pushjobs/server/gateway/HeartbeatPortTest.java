package org.pushjobs.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class HeartbeatPortTest {
    @Test
    void eventLoopsHaveEvenSharesOfThoseWhoAreAsked() {
        assertThat(HeartbeatPort.shares(9, List.of(10, 10, 10))).containsExactly(3, 3, 3);
        assertThat(HeartbeatPort.shares(8, List.of(10, 10, 10))).containsExactly(2, 3, 3);
        assertThat(HeartbeatPort.shares(0, List.of(10, 10))).containsExactly(0, 0);
    }

    @Test
    void whatOneHasNotTheOthersGive() {
        assertThat(HeartbeatPort.shares(10, List.of(0, 1, 20))).containsExactly(0, 1, 9);
        assertThat(HeartbeatPort.shares(100, List.of(1, 2, 3))).containsExactly(1, 2, 3);
    }
}
