package org.pushjobs.agent.link;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;

/**
 * Warnings that may repeat without end: each cause is logged at once, then at most once a minute with the number of
 * repeats. Remembers a bounded number of causes. Not thread-safe.
 */
final class RateLimitedLog {
    private static final Duration PAUSE = Duration.ofMinutes(1);
    private static final int MOST_CAUSES = 100;

    private static final class Cause {
        private long loggedAtMillis;
        private int repeats;
    }

    private final Logger log;
    private final Map<String, Cause> causes = new LinkedHashMap<>();

    RateLimitedLog(Logger log) {
        this.log = log;
    }

    /**
     * @param text what happened; the same text is the same cause
     * @param facts in the form {@code name: value, name: value}; they may differ each time
     */
    void warn(String text, String facts, long nowMillis) {
        Cause cause = causes.get(text);
        if (cause == null) {
            if (causes.size() == MOST_CAUSES) {
                causes.remove(causes.keySet().iterator().next());
            }
            cause = new Cause();
            causes.put(text, cause);
        } else if (nowMillis - cause.loggedAtMillis < PAUSE.toMillis()) {
            cause.repeats++;
            return;
        }
        log.warn("{} [{}{}]", text, facts, cause.repeats == 0 ? "" : ", repeats not logged: " + cause.repeats);
        cause.loggedAtMillis = nowMillis;
        cause.repeats = 0;
    }
}
