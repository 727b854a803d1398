package org.pushjobs.ctl.commands;

import org.pushjobs.ctl.CtlException;

/** One command of the program. */
public interface CtlCommand {
    /** Its name on the command line. */
    String name();

    Category category();

    /** What it does, one sentence for the help. */
    String description();

    /** Whether something may stand behind its name. */
    Arguments arguments();

    /** Whether a command takes arguments. */
    enum Arguments {
        NONE,
        SOME
    }

    /**
     * Does it.
     *
     * @return the exit status
     * @throws CtlException when it cannot; the exit status is 1 then
     */
    int run() throws CtlException, InterruptedException;
}
