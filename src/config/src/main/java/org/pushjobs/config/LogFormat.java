package org.pushjobs.config;

/** How the lines of the server's log look. */
public enum LogFormat {
    /** For people. */
    TEXT,
    /** One JSON object each. */
    JSON
}
