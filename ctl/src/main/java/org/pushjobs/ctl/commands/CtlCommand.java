package org.pushjobs.ctl.commands;

import org.pushjobs.ctl.CtlException;

/** One command of the program. */
public interface CtlCommand {
    /** How it is called, and what it does. */
    About about();

    /**
     * What people see of a command.
     *
     * @param name on the command line
     * @param description one sentence for the help
     * @param arguments whether something may stand behind its name
     */
    record About(String name, Category category, String description, Arguments arguments) {}

    /** Whether a command takes arguments. */
    enum Arguments {
        NONE,
        SOME,
        /** All of them, options too, for another program. */
        PASSED_ON
    }

    /**
     * Does it.
     *
     * @return the exit status
     * @throws CtlException when it cannot; the exit status is 1 then
     */
    int run() throws CtlException, InterruptedException;
}
