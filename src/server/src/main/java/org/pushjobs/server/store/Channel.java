package org.pushjobs.server.store;

/** The two things a command writes to. */
public enum Channel {
    STDOUT,
    STDERR
}
