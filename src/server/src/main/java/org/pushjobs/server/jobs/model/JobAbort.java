package org.pushjobs.server.jobs.model;

import java.time.Instant;
import java.util.Objects;

/**
 * That a job is to be aborted.
 *
 * @param by name of the user or client that asked for it
 * @param at when
 */
public record JobAbort(String by, Instant at) {
    public JobAbort {
        Objects.requireNonNull(by, "by");
        Objects.requireNonNull(at, "at");
    }
}
