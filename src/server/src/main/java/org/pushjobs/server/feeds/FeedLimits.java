package org.pushjobs.server.feeds;

import java.time.Duration;
import java.util.Objects;

/**
 * What feeds may use, for each event loop that serves them.
 *
 * @param maxFeeds readers at once; more are refused with 503
 * @param bufferedBytes what waits for one reader before no more is fetched for it; a single write of some 16 KiB, or one
 *     event or part of output that is larger, may come on top
 * @param systemBufferBytes what the operating system keeps for one client on top; by itself it would let that grow to
 *     megabytes
 * @param stallTimeout a reader that has not taken half of {@code bufferedBytes}, or the end, within this time is cut off
 */
public record FeedLimits(int maxFeeds, int bufferedBytes, int systemBufferBytes, Duration stallTimeout) {
    /** 1,000 readers, 64 KiB twice, and 30 s. */
    public static final FeedLimits DEFAULT = new FeedLimits(1_000, 64 * 1024, 64 * 1024, Duration.ofSeconds(30));

    public FeedLimits {
        if (maxFeeds < 1) {
            throw new IllegalArgumentException("maxFeeds must be positive, is " + maxFeeds);
        }
        if (bufferedBytes < 1) {
            throw new IllegalArgumentException("bufferedBytes must be positive, is " + bufferedBytes);
        }
        if (systemBufferBytes < 1) {
            throw new IllegalArgumentException("systemBufferBytes must be positive, is " + systemBufferBytes);
        }
        Objects.requireNonNull(stallTimeout, "stallTimeout");
    }
}
