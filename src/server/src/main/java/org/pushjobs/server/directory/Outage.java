package org.pushjobs.server.directory;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.pushjobs.server.metrics.DirectoryMetrics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether an address of the Chef server answers. The beginning of an outage is logged and so is its end, but no more than
 * one beginning in {@value #INTERVAL_SECONDS} s: an outage that follows sooner is logged when it lasts that long. Usable
 * from any thread.
 */
final class Outage {
    private static final Logger LOG = LoggerFactory.getLogger(Outage.class);
    private static final long INTERVAL_SECONDS = 60;

    private final DirectoryMetrics.Address address;
    private final String url;
    private final DirectoryMetrics metrics;
    private final Clock clock;

    private boolean ongoing;
    private boolean logged;
    private Instant began = Instant.MIN;
    private Optional<Instant> lastLine = Optional.empty();
    private long failures;

    /** @param url as shown in the log */
    Outage(DirectoryMetrics.Address address, String url, DirectoryMetrics metrics, Clock clock) {
        this.address = address;
        this.url = url;
        this.metrics = metrics;
        this.clock = clock;
    }

    synchronized void failed(String reason) {
        Instant now = clock.instant();
        if (!ongoing) {
            ongoing = true;
            logged = false;
            began = now;
            failures = 0;
            metrics.unavailable(address);
        }
        failures++;
        if (!logged && lastLine.filter(last -> isRecent(last, now)).isEmpty()) {
            logged = true;
            lastLine = Optional.of(now);
            LOG.warn("Chef server cannot be used, requests that need it get 502 [url: {}, reason: {}]", url, reason);
        }
    }

    synchronized void answered() {
        if (!ongoing) {
            return;
        }
        ongoing = false;
        metrics.available(address);
        if (logged) {
            LOG.info(
                    "Chef server can be used again [url: {}, after: {} s, failed look-ups: {}]",
                    url,
                    Duration.between(began, clock.instant()).toSeconds(),
                    failures);
        }
    }

    /** A clock that was set back makes nothing recent. */
    private static boolean isRecent(Instant last, Instant now) {
        return !now.isBefore(last) && now.isBefore(last.plusSeconds(INTERVAL_SECONDS));
    }
}
