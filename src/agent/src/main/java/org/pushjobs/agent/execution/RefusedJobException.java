package org.pushjobs.agent.execution;

import org.pushjobs.agent.settings.AgentException;

/** This node will not run a job; the message is the reason. */
public final class RefusedJobException extends AgentException {
    private static final long serialVersionUID = 1L;

    private final transient Refusal refusal;

    RefusedJobException(Refusal.Kind kind, String text) {
        this(new Refusal(kind, text));
    }

    RefusedJobException(Refusal refusal) {
        super(refusal.text());
        this.refusal = refusal;
    }

    /** Why. */
    public Refusal refusal() {
        return refusal;
    }
}
