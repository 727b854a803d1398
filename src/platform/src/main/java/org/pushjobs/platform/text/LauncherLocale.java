package org.pushjobs.platform.text;

import java.util.Map;

/**
 * Takes back what the launchers do to the environment so that Java reads text as UTF-8 (bin/lib/locale.sh): they set
 * {@code LC_ALL}, and keep what it was in {@code PUSHJOBS_LC_ALL}, which is empty when it was not set. What this program starts
 * for others is to see their own locale.
 */
public final class LauncherLocale {
    private static final String LOCALE = "LC_ALL";
    private static final String KEPT = "PUSHJOBS_LC_ALL";

    private LauncherLocale() {}

    /** @param environment as this process has it; unchanged when no launcher has set it */
    public static void restore(Map<String, String> environment) {
        String before = environment.remove(KEPT);
        if (before == null) {
            return;
        }
        if (before.isEmpty()) {
            environment.remove(LOCALE);
        } else {
            environment.put(LOCALE, before);
        }
    }
}
