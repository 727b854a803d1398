package org.pushjobs.workstation.screen;

import java.util.Locale;

/** How documents are shown; the names are the values of {@code --format}. */
public enum OutputFormat {
    TEXT,
    JSON,
    /** A line for each document, also for each of an array. */
    JSONL,
    YAML,
    /** As Ruby's pretty printer shows what it has read from JSON. */
    PP;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
