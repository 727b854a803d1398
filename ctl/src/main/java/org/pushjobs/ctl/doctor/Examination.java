package org.pushjobs.ctl.doctor;

import java.util.List;

/** Looks at one side of a machine. Blocking, with a limit of some seconds for whoever does not answer. */
@FunctionalInterface
interface Examination {
    /** One or more findings; nothing is thrown for what is wrong. */
    List<Finding> of(Patient patient) throws InterruptedException;
}
