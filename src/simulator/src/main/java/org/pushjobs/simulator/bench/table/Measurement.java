package org.pushjobs.simulator.bench.table;

import java.time.Instant;
import java.util.Objects;

/**
 * What a row came to.
 *
 * @param note what belongs to the number: how it was taken, spread, what happened besides
 * @param commit of the sources
 */
public record Measurement(double value, String note, Instant at, String commit) {
    public Measurement {
        Objects.requireNonNull(note, "note");
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(commit, "commit");
    }
}
