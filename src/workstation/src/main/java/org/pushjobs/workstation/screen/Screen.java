package org.pushjobs.workstation.screen;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.function.Function;

/**
 * Where a command writes. Used by one thread.
 *
 * @param out results
 * @param err problems, and everything that is for people while {@code out} carries JSON
 * @param progress makes the display of a running job, on the stream it is given
 */
public record Screen(PrintStream out, PrintStream err, Function<PrintStream, Progress> progress) {
    public Screen {
        Objects.requireNonNull(out, "out");
        Objects.requireNonNull(err, "err");
        Objects.requireNonNull(progress, "progress");
    }

    /** The stream for what only people read, so that JSON on {@code out} stays parseable. */
    public PrintStream forPeople(OutputFormat format) {
        return switch (format) {
            case TEXT -> out;
            case JSON -> err;
        };
    }

    /** Writes indented JSON to {@code out}, in UTF-8 whatever the terminal's encoding. */
    public void json(JsonNode document) {
        out.writeBytes(document.toPrettyString().getBytes(StandardCharsets.UTF_8));
        out.println();
        out.flush();
    }

    /** The text with control characters replaced, so that what others wrote cannot steer a terminal. */
    public static String printable(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints().forEach(c -> shown.appendCodePoint(Character.isISOControl(c) ? '?' : c));
        return shown.toString();
    }
}
