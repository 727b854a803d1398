package org.pushjobs.agent.link;

/** Why the agent asks for its configuration. */
enum FetchReason {
    START("the agent starts"),
    REQUESTED("somebody asked for it"),
    NEW_INCARNATION("the server has a new incarnation"),
    LIFETIME("the configuration's lifetime is over"),
    SILENCE("nothing arrives on the command port; is the encryption key refused?"),
    UNHEARD("no heartbeats of the server arrive; has it moved?"),
    UNVERIFIABLE("the server's heartbeats are signed with an unknown key");

    private final String text;

    FetchReason(String text) {
        this.text = text;
    }

    /** For the log. */
    @Override
    public String toString() {
        return text;
    }
}
