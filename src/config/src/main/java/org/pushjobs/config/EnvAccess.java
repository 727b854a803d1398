package org.pushjobs.config;

/** Who sees the values in a job's environment. */
public enum EnvAccess {
    /** Who may see the job. */
    READERS,
    /** Who may start jobs, too. */
    WRITERS
}
