package org.pushjobs.workstation.node;

import java.util.Locale;

/** How node states are shown to people; the names are the values of {@code -o}. */
enum NodeView {
    /** knife's: the name, a tabulator, the availability. */
    LINES,
    TABLE,
    /** With all that is known. */
    WIDE;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
