package org.pushjobs.agent.execution;

import org.pushjobs.agent.settings.AgentException;

/** This node will not run a job; the message is the reason. */
public final class RefusedJobException extends AgentException {
    private static final long serialVersionUID = 1L;

    private final transient Refusal refusal;

    RefusedJobException(Refusal.Kind kind, String text) {
        super(text);
        this.refusal = new Refusal(kind, text);
    }

    /** Why. */
    public Refusal refusal() {
        return refusal;
    }
}
