package org.pushjobs.ctl.service;

import java.time.Duration;
import java.util.Optional;
import org.pushjobs.ctl.CtlException;

/** What keeps a service running. All calls block. */
public sealed interface Supervisor permits Runit, Systemd {
    /** Of {@link Answer#status}, when what was asked for was done, or the service is up. */
    int GOOD = 0;

    /**
     * What the supervisor's own program answered.
     *
     * @param text ends with a line break, if it is not empty
     */
    record Answer(int status, String text) {}

    /** The service's. */
    String name();

    /** Whether it is to have the service. */
    boolean isEnabled();

    /** Whether it has it, so that it can be asked. */
    boolean isSupervised();

    /** The process that the service runs as; empty when it does not. */
    Optional<Long> pid() throws CtlException, InterruptedException;

    /** Has something done, and waits for it. */
    Answer run(Verb verb) throws CtlException, InterruptedException;

    /**
     * Waits until it has a service that is new.
     *
     * @return whether it has
     */
    boolean awaitSupervised(Duration limit) throws InterruptedException;
}
