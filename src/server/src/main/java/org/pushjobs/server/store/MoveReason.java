package org.pushjobs.server.store;

/** Why another host of the database is used than before. */
public enum MoveReason {
    /** The one before ended its connections. */
    CONNECTION_LOST("connection_lost"),

    /** The one before did not answer a ping or a statement in time. */
    NO_ANSWER("no_answer"),

    /** The one before answered and took no writes. */
    WRITES_REFUSED("writes_refused"),

    /** The one before seemed to be well and had been replaced. */
    REPLACED("replaced");

    private final String label;

    MoveReason(String label) {
        this.label = label;
    }

    /** Its name in metrics and logs. */
    public String label() {
        return label;
    }
}
