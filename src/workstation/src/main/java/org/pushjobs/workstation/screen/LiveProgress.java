package org.pushjobs.workstation.screen;

import java.io.PrintStream;
import java.util.Objects;

/** One line that is rewritten in place: for a terminal that knows the ANSI sequence "erase to the end of the line". */
public final class LiveProgress implements Progress {
    private static final String LINE_START = "\r\u001b[K";

    private final PrintStream out;
    private String shown = "";

    public LiveProgress(PrintStream out) {
        this.out = Objects.requireNonNull(out, "out");
    }

    @Override
    public void show(String state) {
        if (!state.equals(shown)) {
            out.print(LINE_START + state);
            out.flush();
            shown = state;
        }
    }

    @Override
    public void note(String text) {
        out.println(LINE_START + text);
        out.print(shown);
        out.flush();
    }

    @Override
    public void end() {
        if (!shown.isEmpty()) {
            out.println();
        }
        out.flush();
    }
}
