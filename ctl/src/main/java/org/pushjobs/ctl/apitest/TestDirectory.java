package org.pushjobs.ctl.apitest;

import org.pushjobs.ctl.CtlException;

/** Who keeps organisations and keys, and lets the test have some of its own for a while. Blocking. */
interface TestDirectory {
    /**
     * Somebody of the test.
     *
     * @param name that nobody else has
     * @param publicKey PEM
     */
    record Somebody(String name, String publicKey) {}

    /**
     * Makes a user who may start jobs, and a client.
     *
     * @return the name of their organisation
     * @throws CtlException when it is refused; {@link #remove} is called all the same
     */
    String make(Somebody user, Somebody client) throws CtlException, InterruptedException;

    /**
     * Takes them away.
     *
     * @throws CtlException when something is left, which it names
     */
    void remove() throws CtlException, InterruptedException;
}
