package org.pushjobs.workstation.screen;

import java.io.PrintStream;
import java.util.Objects;

/** One line for each change: for files, pipes and logs. */
public final class PlainProgress implements Progress {
    private final PrintStream out;
    private String shown = "";

    public PlainProgress(PrintStream out) {
        this.out = Objects.requireNonNull(out, "out");
    }

    @Override
    public synchronized void show(String state) {
        if (!state.equals(shown)) {
            out.println(state);
            shown = state;
        }
    }

    @Override
    public synchronized void note(String text) {
        out.println(text);
    }

    @Override
    public synchronized void above(Runnable lines) {
        lines.run();
    }

    @Override
    public boolean isLive() {
        return false;
    }

    @Override
    public synchronized void end() {
        out.flush();
    }
}
