package org.pushjobs.agent.execution;

import org.pushjobs.agent.settings.AgentException;

/** This node will not run a job; the message is the reason, for the log. */
public final class RefusedJobException extends AgentException {
    private static final long serialVersionUID = 1L;

    RefusedJobException(String reason) {
        super(reason);
    }
}
