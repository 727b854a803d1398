package org.pushjobs.config;

/** What a server process does (docs/architecture.md). */
public enum ServerRole {
    /** Answers HTTP requests. */
    API,
    /** Has the two ZeroMQ ports, which agents connect to. */
    GATEWAY,
    /** Runs the jobs, or stands by to do so. */
    COORDINATOR
}
