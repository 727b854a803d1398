package org.pushjobs.workstation.job;

import java.util.Locale;

/** The states of a job (lifecycle.md), as values of {@code --status}. */
enum JobState {
    NEW,
    VOTING,
    RUNNING,
    COMPLETE,
    QUORUM_FAILED,
    CRASHED,
    ABORTED,
    TIMED_OUT;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
