package org.pushjobs.agent.fake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FreePortTest {
    /** A server that got one port for two listeners could not start, once in some hundred runs. */
    @Test
    void noPortIsPickedTwice() {
        assertThat(IntStream.range(0, 1_000).map(i -> FreePort.pick())).doesNotHaveDuplicates();
    }
}
