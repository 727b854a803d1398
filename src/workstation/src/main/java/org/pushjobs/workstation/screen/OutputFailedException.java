package org.pushjobs.workstation.screen;

import java.io.IOException;

/** Standard output takes no more: whatever the command still does, nobody learns of it. */
public final class OutputFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean readerGone;

    OutputFailedException(IOException cause, boolean readerGone) {
        super("the output cannot be written: " + cause.getMessage(), cause);
        this.readerGone = readerGone;
    }

    /** Whether it is a pipe whose reader has had enough, as {@code head} has: that is no fault. */
    public boolean isReaderGone() {
        return readerGone;
    }
}
