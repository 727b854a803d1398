package org.pushjobs.workstation.screen;

import java.io.PrintStream;
import java.util.Objects;
import java.util.function.IntSupplier;

/**
 * A line for each state, of which the last is rewritten in place while only its numbers change: for a terminal that knows the
 * ANSI sequence "erase to the end of the line". Once others have written above it, it is one line for all states, so that none
 * stands between what they write. What does not fit into the terminal's width is cut off, because a line that wraps cannot be
 * rewritten.
 */
public final class LiveProgress implements Progress {
    private static final String LINE_START = "\r\u001b[K";
    private static final String CUT_OFF = "...";

    private final PrintStream out;
    private final IntSupplier columns;
    private String shown = "";
    private boolean othersWrite;

    /** @param columns the terminal's width, which may change */
    public LiveProgress(PrintStream out, IntSupplier columns) {
        this.out = Objects.requireNonNull(out, "out");
        this.columns = Objects.requireNonNull(columns, "columns");
    }

    @Override
    public synchronized void show(String state) {
        if (!state.equals(shown)) {
            boolean sameLine = shown.isEmpty() || othersWrite || kind(state).equals(kind(shown));
            out.print((sameLine ? "" : System.lineSeparator()) + LINE_START + fitting(state));
            out.flush();
            shown = state;
        }
    }

    private static String kind(String state) {
        int end = state.indexOf(' ');
        return end < 0 ? state : state.substring(0, end);
    }

    /** One column stays free: a cursor behind the last one may already be on the next line. */
    private String fitting(String text) {
        int width = Math.max(columns.getAsInt() - 1, CUT_OFF.length() + 1);
        return text.length() <= width ? text : text.substring(0, width - CUT_OFF.length()) + CUT_OFF;
    }

    @Override
    public synchronized void note(String text) {
        out.println(LINE_START + text);
        out.print(fitting(shown));
        out.flush();
    }

    @Override
    public synchronized void above(Runnable lines) {
        if (!shown.isEmpty()) {
            out.print(LINE_START);
            out.flush();
        }
        lines.run();
        othersWrite = true;
        out.print(fitting(shown));
        out.flush();
    }

    @Override
    public boolean isLive() {
        return true;
    }

    @Override
    public synchronized void end() {
        if (!shown.isEmpty()) {
            out.println();
        }
        out.flush();
    }
}
