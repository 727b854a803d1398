package org.pushjobs.server.facts;

/** How a node lost its session at a gateway. */
public enum Departure {
    SILENT("it fell silent"),
    STOPPED("its agent was stopped"),
    RESTARTED("its agent was restarted"),
    /** No agent has a session while several use the node's name. */
    CONTESTED("more than one agent uses its name");

    private final String text;

    Departure(String text) {
        this.text = text;
    }

    /** The same for people. */
    public String text() {
        return text;
    }
}
