package org.pushjobs.server.feeds;

import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import org.pushjobs.server.metrics.ServerMetrics;
import org.pushjobs.server.store.EventReads;
import org.pushjobs.server.store.OutputReads;

/**
 * What {@link Feeds} need of the rest of the server; see {@link org.pushjobs.config.ServerConfig} for the times.
 * Usable from any thread.
 */
public record FeedSetup(
        EventReads events,
        OutputReads outputs,
        FeedLimits limits,
        Duration keepAliveTime,
        Duration waitCompleteTime,
        Duration orgFeedExpiration,
        ServerMetrics metrics,
        Clock clock) {
    public FeedSetup {
        Objects.requireNonNull(events, "events");
        Objects.requireNonNull(outputs, "outputs");
        Objects.requireNonNull(limits, "limits");
        Objects.requireNonNull(keepAliveTime, "keepAliveTime");
        Objects.requireNonNull(waitCompleteTime, "waitCompleteTime");
        Objects.requireNonNull(orgFeedExpiration, "orgFeedExpiration");
        Objects.requireNonNull(metrics, "metrics");
        Objects.requireNonNull(clock, "clock");
    }
}
