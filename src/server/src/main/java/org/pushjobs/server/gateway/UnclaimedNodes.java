package org.pushjobs.server.gateway;

import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks up nodes that speak in clear text and of which nothing is known, each at most once at a time and not again soon after
 * it was not found: anybody may send such messages. Usable from any thread.
 */
final class UnclaimedNodes {
    static final int MAX_PENDING = 1_000;
    private static final int MAX_REFUSED = 10_000;
    private static final Duration PAUSE = Duration.ofSeconds(10);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(UnclaimedNodes.class);

    private final LookUp lookUp;
    private final Clock clock;
    private final Set<Name> pending = new HashSet<>();
    private final Map<Name, Instant> refused = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Name, Instant> eldest) {
            return size() > MAX_REFUSED;
        }
    };

    private record Name(String orgName, String node) {}

    /** Finds a node and makes it known. */
    @FunctionalInterface
    interface LookUp {
        /** Whether there is such a node. */
        Future<Boolean> find(String orgName, String node);
    }

    UnclaimedNodes(LookUp lookUp, Clock clock) {
        this.lookUp = Objects.requireNonNull(lookUp, "lookUp");
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    /** Has the node looked up, unless that goes on or was done just now, or too many others are. */
    void ask(String orgName, String node) {
        Name name = new Name(orgName, node);
        if (!begin(name)) {
            return;
        }
        lookUp.find(orgName, node)
                .timeout(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .onComplete(result -> {
                    end(name, result.succeeded() && result.result());
                    if (result.failed()) {
                        LOG.warn(
                                "an unknown node could not be looked up, its messages are dropped until it can"
                                        + " [org: {}, node: {}, error: {}]",
                                orgName,
                                node,
                                result.cause().getMessage());
                    }
                });
    }

    private synchronized boolean begin(Name name) {
        Instant last = refused.get(name);
        boolean isTooSoon =
                last != null && Duration.between(last, clock.instant()).abs().compareTo(PAUSE) < 0;
        return !isTooSoon && pending.size() < MAX_PENDING && pending.add(name);
    }

    private synchronized void end(Name name, boolean found) {
        pending.remove(name);
        refused.remove(name);
        if (!found) {
            refused.put(name, clock.instant());
        }
    }
}
