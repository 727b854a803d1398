package org.pushjobs.workstation.settings;

/** How much is told, on standard error, of what is asked of the server. */
public enum Verbosity {
    QUIET,
    /** Each request and its answer. */
    REQUESTS,
    /** With who asks, where that is set, and the ids that the server's log has. */
    DETAILS
}
