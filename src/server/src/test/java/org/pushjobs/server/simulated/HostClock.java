package org.pushjobs.server.simulated;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.pushjobs.protocol.time.SteadyClock;

/** The clock of a machine, which may jump, and the steady one that its server makes of it with the help of its agents. */
final class HostClock extends Clock {
    static final long CHECK_MILLIS = 1_000;

    private final Timeline timeline;
    private final SteadyClock steady;
    private long offMillis;

    /** @param offMillis by how much it is wrong at first */
    HostClock(Timeline timeline, long offMillis) {
        this.timeline = timeline;
        this.offMillis = offMillis;
        this.steady = new SteadyClock(
                this,
                () -> TimeUnit.MILLISECONDS.toNanos(timeline.millis()),
                Duration.ofSeconds(5),
                SteadyClock.Alone.KEEP_TIME,
                List.of(new SteadyClock.Witnesses("the agents", 64, 10)));
    }

    void jump(long millis) {
        offMillis += millis;
    }

    Clock steady() {
        return steady;
    }

    void agentSays(VirtualAgent agent, Instant time) {
        steady.heard(0, agent.ref().hashCode(), time);
    }

    /** Once in {@link #CHECK_MILLIS}. */
    void check() {
        steady.check();
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }

    @Override
    public Instant instant() {
        return VirtualProcess.time(timeline.millis() + offMillis);
    }
}
