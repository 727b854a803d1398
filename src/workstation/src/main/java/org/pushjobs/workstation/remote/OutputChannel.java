package org.pushjobs.workstation.remote;

/** What of a command's output; the names are path elements and values of {@code --channel}. */
public enum OutputChannel {
    STDOUT,
    STDERR;

    @Override
    public String toString() {
        return switch (this) {
            case STDOUT -> "stdout";
            case STDERR -> "stderr";
        };
    }
}
