package org.pushjobs.workstation.screen;

/** Has the last word when the user ends the program by a signal (Ctrl-C). */
public interface Interruption {
    /** Until {@link #close} the notice would be given. */
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }

    /** @param notice runs on a thread of its own while the program ends */
    Watch onSignal(Runnable notice);
}
