package org.pushjobs.server;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.pushjobs.protocol.time.SteadyClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's steady clock, and who is asked when the machine's clock has jumped: the agents, and while none of them is
 * heard the database. Agents come first, because a database may stand on this machine without our seeing it. Usable from any
 * thread, but for {@link #check}.
 */
final class ServerClock {
    /** Time between checks. */
    static final long CHECK_MILLIS = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(ServerClock.class);
    private static final int AGENTS = 0;
    private static final int DATABASE = 1;
    private static final int AGENTS_TOLD_APART = 1_024;
    private static final int AGENTS_ENOUGH = 10;
    private static final Duration LEAST_PATIENCE = Duration.ofSeconds(5);

    private final SteadyClock clock;

    /**
     * @param machineClock which may jump
     * @param heartbeatInterval in two of which all agents are heard
     */
    ServerClock(Clock machineClock, Duration heartbeatInterval) {
        Duration heard = heartbeatInterval.multipliedBy(2);
        this.clock = new SteadyClock(
                machineClock,
                System::nanoTime,
                heard.compareTo(LEAST_PATIENCE) > 0 ? heard : LEAST_PATIENCE,
                SteadyClock.Alone.KEEP_TIME,
                List.of(
                        new SteadyClock.Witnesses("the agents", AGENTS_TOLD_APART, AGENTS_ENOUGH),
                        new SteadyClock.Witnesses("the database", 1, 1)));
    }

    Clock steady() {
        return clock;
    }

    void agentSays(int who, Instant time) {
        clock.heard(AGENTS, who, time);
    }

    void databaseSays(Instant time) {
        clock.heard(DATABASE, 0, time);
    }

    /** For one thread, once in {@link #CHECK_MILLIS}. */
    void check() {
        clock.check().ifPresent(finding -> LOG.warn(finding.message()));
    }
}
