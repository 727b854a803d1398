package org.pushjobs.simulator;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pushjobs.simulator.fleet.Fleet;

/**
 * Reconnect storms that come again and again.
 *
 * @param every from one to the next
 * @param share of the agents that lose their connection, above 0 to 1
 */
record StormSchedule(Duration every, double share) {
    private static final Pattern FORM = Pattern.compile("every=(\\d{1,6})s?,share=(0?\\.\\d+|1|1\\.0)");

    StormSchedule {
        if (every.isZero() || !(share > 0 && share <= 1)) {
            throw new IllegalArgumentException("a storm comes every second or less often, with a share above 0 to 1");
        }
    }

    /** @throws IllegalArgumentException says what is wrong */
    static StormSchedule parse(String text) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("'" + text + "' is not like every=30s,share=0.5");
        }
        return new StormSchedule(
                Duration.ofSeconds(Long.parseLong(parts.group(1))), Double.parseDouble(parts.group(2)));
    }

    /** Lets them come until the process ends. */
    void start(Fleet fleet) {
        Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("storm").factory())
                .scheduleAtFixedRate(
                        () -> fleet.storm(share), every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
    }
}
