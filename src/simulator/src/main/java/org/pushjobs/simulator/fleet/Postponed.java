package org.pushjobs.simulator.fleet;

import org.pushjobs.protocol.message.JobState;

/**
 * Whether a configuration that is to be fetched has to wait for a job, as with this project's agents: not for ever for one that was
 * only committed to. Times are milliseconds of one monotonic clock. Not thread-safe.
 */
final class Postponed {
    static final long LONGEST_COMMITMENT_MILLIS = 60_000;

    private static final long NOT = Long.MAX_VALUE;

    private long sinceMillis = NOT;

    /** To be asked again and again from the time on at which it is to be fetched; once it need not wait all begins anew. */
    boolean mustWait(JobState state, long nowMillis) {
        sinceMillis = Math.min(sinceMillis, nowMillis);
        boolean must = switch (state) {
            case IDLE -> false;
            case COMMITTED -> nowMillis - sinceMillis < LONGEST_COMMITMENT_MILLIS;
            case RUNNING -> true;
        };
        if (!must) {
            sinceMillis = NOT;
        }
        return must;
    }
}
