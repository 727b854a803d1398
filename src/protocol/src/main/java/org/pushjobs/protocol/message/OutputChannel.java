package org.pushjobs.protocol.message;

/** The two things a command writes to. */
public enum OutputChannel {
    STDOUT("stdout"),
    STDERR("stderr");

    private final String wireName;

    OutputChannel(String wireName) {
        this.wireName = wireName;
    }

    /** The value of {@code channel} on the wire. */
    public String wireName() {
        return wireName;
    }
}
