package org.pushjobs.ctl.doctor;

import java.util.Objects;

/**
 * What was found out about one thing.
 *
 * @param about what was looked at, one or two words
 * @param text how it is; where it is not good, what to do, too
 */
public record Finding(Level level, String about, String text) {
    /** How good it is, the best first. */
    public enum Level {
        GOOD("ok"),
        /** The server works, and may not for long. */
        WARNING("warning"),
        /** The server does not work, or not for everybody. */
        WRONG("wrong");

        private final String word;

        Level(String word) {
            this.word = word;
        }

        /** For people. */
        public String word() {
            return word;
        }
    }

    public Finding {
        Objects.requireNonNull(level, "level");
        Objects.requireNonNull(about, "about");
        Objects.requireNonNull(text, "text");
    }

    static Finding good(String about, String text) {
        return new Finding(Level.GOOD, about, text);
    }

    static Finding warning(String about, String text) {
        return new Finding(Level.WARNING, about, text);
    }

    static Finding wrong(String about, String text) {
        return new Finding(Level.WRONG, about, text);
    }
}
