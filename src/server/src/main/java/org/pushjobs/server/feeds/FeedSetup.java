package org.pushjobs.server.feeds;

import java.time.Clock;
import java.util.Objects;
import org.pushjobs.config.FeedConfig;
import org.pushjobs.server.metrics.FeedMetrics;
import org.pushjobs.server.store.EventReads;
import org.pushjobs.server.store.OutputReads;

/**
 * What {@link Feeds} need of the rest of the server. Usable from any thread.
 */
public record FeedSetup(
        EventReads events, OutputReads outputs, FeedLimits limits, FeedConfig times, FeedMetrics metrics, Clock clock) {
    public FeedSetup {
        Objects.requireNonNull(events, "events");
        Objects.requireNonNull(outputs, "outputs");
        Objects.requireNonNull(limits, "limits");
        Objects.requireNonNull(times, "times");
        Objects.requireNonNull(metrics, "metrics");
        Objects.requireNonNull(clock, "clock");
    }
}
