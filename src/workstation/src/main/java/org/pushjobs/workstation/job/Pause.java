package org.pushjobs.workstation.job;

import java.time.Duration;

/** Waits; in tests it only moves the clock. */
@FunctionalInterface
public interface Pause {
    void sleep(Duration duration) throws InterruptedException;
}
