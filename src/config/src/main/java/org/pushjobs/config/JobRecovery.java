package org.pushjobs.config;

/** What happens at start to jobs that have not ended (architecture.md). */
public enum JobRecovery {
    /** They go on. */
    RESUME,
    /** They and their running nodes become crashed, as with the original server. */
    CRASH
}
