package org.pushjobs.workstation.screen;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Who reads standard output, and how it may look.
 *
 * @param terminal whether it is a terminal
 * @param colours whether texts are coloured
 */
public record Display(CalledAs calledAs, boolean terminal, boolean colours) {
    /** A file or a pipe, under the program's own name. */
    public static final Display PLAIN = new Display(CalledAs.PUSHJOBS, false, false);

    public Display {
        Objects.requireNonNull(calledAs, "calledAs");
    }

    /**
     * Colours are for terminals, unless {@code NO_COLOR} is set or the terminal is a simple one; the last of {@code --color} and
     * {@code --no-color} is stronger than all of that.
     */
    public static Display of(
            CalledAs calledAs, boolean terminal, Map<String, String> environment, List<String> arguments) {
        boolean wanted = terminal
                && environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !environment.getOrDefault("TERM", "").equals("dumb");
        int yes = arguments.lastIndexOf("--color");
        int no = arguments.lastIndexOf("--no-color");
        return new Display(calledAs, terminal, yes == no ? wanted : yes > no);
    }
}
