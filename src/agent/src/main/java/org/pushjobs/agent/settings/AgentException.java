package org.pushjobs.agent.settings;

/** The root of the errors that the agent tells people about; the message says what was wrong and what to do. */
public class AgentException extends Exception {
    private static final long serialVersionUID = 1L;

    public AgentException(String message) {
        super(message);
    }

    public AgentException(String message, Throwable cause) {
        super(message, cause);
    }
}
