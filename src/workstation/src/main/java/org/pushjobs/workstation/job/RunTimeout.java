package org.pushjobs.workstation.job;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long a command may run (agent-and-cli.md, {@code --timeout}).
 *
 * @param seconds more than 0
 */
record RunTimeout(int seconds) {
    private static final Pattern FORM = Pattern.compile("(?:([0-9]{1,5})h)?(?:([0-9]{1,7})m)?(?:([0-9]{1,9})s?)?");

    /** @throws IllegalArgumentException for anything but seconds or hours, minutes and seconds: 90, 90s, 10m, 1h30m */
    static RunTimeout parse(String text) {
        Matcher form = FORM.matcher(text);
        long seconds =
                form.matches() ? 3600 * number(form.group(1)) + 60 * number(form.group(2)) + number(form.group(3)) : 0;
        if (seconds < 1 || seconds > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "--timeout must be a time above 0 such as 90 (seconds), 90s, 10m or 1h30m, not " + text);
        }
        return new RunTimeout((int) seconds);
    }

    private static long number(String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }
}
