package org.pushjobs.config;

import java.time.Duration;
import java.util.Objects;

/**
 * The event feeds.
 *
 * @param waitCompleteTime how long a job's feed stays complete after the job's end
 * @param orgFeedExpiration how long the events of an organisation's feed are kept
 * @param keepAliveTime silence in a feed after which a comment is sent
 */
public record FeedConfig(Duration waitCompleteTime, Duration orgFeedExpiration, Duration keepAliveTime) {
    public FeedConfig {
        Objects.requireNonNull(waitCompleteTime, "waitCompleteTime");
        Objects.requireNonNull(orgFeedExpiration, "orgFeedExpiration");
        Objects.requireNonNull(keepAliveTime, "keepAliveTime");
    }
}
