package org.pushjobs.ctl.doctor;

import java.time.Duration;

/** What a difference between two clocks means. */
final class Clocks {
    private static final String ABOUT = "clocks";

    /** Times in logs and answers are wrong by it. */
    private static final Duration NOTICEABLE = Duration.ofSeconds(5);

    /** Signed requests count for 15 minutes; agents and Chef server have clocks of their own that may differ, too. */
    private static final Duration HARMFUL = Duration.ofMinutes(5);

    private Clocks() {}

    /**
     * @param whose the other clock
     * @param ahead how much it is ahead of this machine's
     */
    static Finding finding(String whose, Duration ahead) {
        Duration difference = ahead.abs();
        if (difference.compareTo(NOTICEABLE) < 0) {
            return Finding.good(ABOUT, "this machine's and that of " + whose + " agree");
        }
        String text = "that of " + whose + " is " + difference.toSeconds() + " s "
                + (ahead.isNegative() ? "behind" : "ahead of") + " this machine's; have both set by NTP (chrony)";
        return difference.compareTo(HARMFUL) < 0
                ? Finding.warning(ABOUT, text)
                : Finding.wrong(ABOUT, text + ": signed requests count for 15 minutes only");
    }
}
