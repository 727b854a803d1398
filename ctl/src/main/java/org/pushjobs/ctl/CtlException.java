package org.pushjobs.ctl;

import java.util.List;

/** A command cannot do what was asked. It says everything that is wrong, each with what to do, and no secrets. */
public final class CtlException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String[] problems;

    /** @param problems one or more */
    public CtlException(List<String> problems) {
        super(String.join(System.lineSeparator(), problems));
        this.problems = problems.toArray(String[]::new);
    }

    public CtlException(String problem) {
        this(List.of(problem));
    }

    public CtlException(String problem, Throwable cause) {
        this(problem);
        initCause(cause);
    }

    public List<String> problems() {
        return List.of(problems);
    }
}
