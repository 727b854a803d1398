package org.pushjobs.workstation.remote;

/** Whether somebody may do something, as far as it can be found out. */
public enum Permission {
    GRANTED,
    DENIED,
    UNKNOWN;

    /** {@code yes}, {@code no}, {@code unknown}. */
    @Override
    public String toString() {
        return switch (this) {
            case GRANTED -> "yes";
            case DENIED -> "no";
            case UNKNOWN -> "unknown";
        };
    }
}
