package org.pushjobs.protocol.message;

/** What an agent says it is doing, in its heartbeats ({@code job_state}). */
public enum JobState {
    IDLE("idle"),
    COMMITTED("committed"),
    RUNNING("running");

    private final String wireName;

    JobState(String wireName) {
        this.wireName = wireName;
    }

    /** The value of {@code job_state} on the wire. */
    public String wireName() {
        return wireName;
    }
}
