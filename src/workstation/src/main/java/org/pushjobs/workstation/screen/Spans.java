package org.pushjobs.workstation.screen;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** Times and lengths of time in words for people. */
public final class Spans {
    private static final long MINUTE = 60;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;

    private Spans() {}

    /** How long ago it was, in one unit, rounded down: {@code 3 min ago}. */
    public static String ago(Instant then, Instant now) {
        long seconds = Duration.between(then, now).toSeconds();
        return seconds < 0 ? "in " + inOneUnit(-seconds) : inOneUnit(seconds) + " ago";
    }

    private static String inOneUnit(long seconds) {
        if (seconds < 2 * MINUTE) {
            return seconds + " s";
        }
        if (seconds < 2 * HOUR) {
            return seconds / MINUTE + " min";
        }
        return seconds < 2 * DAY ? seconds / HOUR + " h" : seconds / DAY + " d";
    }

    /** A length of time in its two largest units; below a minute in tenths of a second: {@code 1.5 s}, {@code 2 min 5 s}. */
    public static String length(Duration duration) {
        long seconds = duration.toSeconds();
        if (seconds < MINUTE) {
            return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
        }
        if (seconds < HOUR) {
            return seconds / MINUTE + " min " + seconds % MINUTE + " s";
        }
        return seconds < DAY
                ? seconds / HOUR + " h " + seconds % HOUR / MINUTE + " min"
                : seconds / DAY + " d " + seconds % DAY / HOUR + " h";
    }
}
