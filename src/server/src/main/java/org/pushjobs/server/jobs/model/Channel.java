package org.pushjobs.server.jobs.model;

/** The two things a command writes to. */
public enum Channel {
    STDOUT("stdout"),
    STDERR("stderr");

    private final String label;

    Channel(String label) {
        this.label = label;
    }

    /** Name in the API. */
    public String label() {
        return label;
    }
}
