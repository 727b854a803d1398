package org.pushjobs.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class OpenConnectionsTest {
    private final Set<Long> open = LongStream.range(0, 10).boxed().collect(Collectors.toCollection(TreeSet::new));
    private final Set<Long> closed = new TreeSet<>();
    private final OpenConnections connections =
            new OpenConnections(open, id -> open.contains(id) ? Optional.of(() -> closed.add(id)) : Optional.empty());

    @Test
    void soManyAreClosedAsIsSaidAndNoneTwice() {
        connections.go(4);
        assertThat(closed).hasSize(4);
        assertThat(connections.left()).isEqualTo(6);

        connections.go(4);
        connections.go(4);

        assertThat(closed).isEqualTo(open);
        assertThat(connections.left()).isZero();
    }

    @Test
    void thoseThatEndByThemselvesDoNotCount() {
        open.removeIf(id -> id < 7);

        assertThat(connections.left()).isEqualTo(3);
        connections.go(2);

        assertThat(closed).hasSize(2);
        assertThat(connections.left()).isEqualTo(1);
    }

    @Test
    void thoseThatComeLaterAreLeftAlone() {
        open.add(99L);

        connections.go(100);

        assertThat(closed).hasSize(10).doesNotContain(99L);
    }

    @Test
    void noneIsClosedAnyMoreOnceAllMayStay() {
        connections.go(4);

        connections.stay();

        connections.go(4);
        assertThat(closed).hasSize(4);
        assertThat(connections.left()).isZero();
    }
}
