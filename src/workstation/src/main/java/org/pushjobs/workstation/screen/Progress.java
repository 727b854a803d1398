package org.pushjobs.workstation.screen;

/** Shows how something that takes a while goes on. Usable from any thread; {@link #end} comes last, once. */
public interface Progress {
    /** Shows where it is now; the same text as before shows nothing new. */
    void show(String state);

    /** Says something that stays on the screen. */
    void note(String text);

    /** Lets others write whole lines, to any stream of the terminal; what shows where it is now is not in their way. */
    void above(Runnable lines);

    /** Whether somebody looks at it while it changes. */
    boolean isLive();

    /** Leaves the cursor at the start of a line. */
    void end();
}
