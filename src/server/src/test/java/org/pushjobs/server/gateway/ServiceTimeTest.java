package org.pushjobs.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ServiceTimeTest {
    private final AtomicLong clock = new AtomicLong(1_000_000);
    private final AtomicBoolean ready = new AtomicBoolean(true);
    private final ServiceTime time = new ServiceTime(clock::get, ready::get);

    @Test
    void timePassesWhileAgentsCanAsk() {
        assertThat(time.millis()).isZero();
        pass(5_000);
        assertThat(time.millis()).isEqualTo(5_000);
        pass(5_000);
        assertThat(time.millis()).isEqualTo(10_000);
    }

    @Test
    void timeInWhichTheDirectoryIsAwayDoesNotCount() {
        pass(5_000);
        time.fails();
        pass(50_000);
        assertThat(time.isRunning()).isFalse();
        assertThat(time.millis()).isEqualTo(5_000);

        time.works();
        pass(1_000);
        assertThat(time.millis()).isEqualTo(6_000);
    }

    @Test
    void timeInWhichTheDatabaseIsAwayDoesNotCount() {
        ready.set(false);
        pass(5_000);
        assertThat(time.millis()).isZero();
    }

    @Test
    void timeInWhichTheProcessStoodStillDoesNotCount() {
        pass(3_600_000);
        assertThat(time.millis()).isEqualTo(60_000);
    }

    private void pass(long millis) {
        clock.addAndGet(millis);
    }
}
