package org.pushjobs.server.gateway;

import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.pushjobs.protocol.keys.Z85;
import org.pushjobs.server.metrics.GatewayMetrics;
import org.pushjobs.zmtp.Authoriser;
import org.pushjobs.zmtp.Verdict;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which CURVE keys may connect to the command port (ZMQ RFC 27; statuses by architecture.md, "ZAP and
 * connections"): a known key gets 200, an unknown one 300, which agents survive, and 400 only beyond
 * {@value #REFUSALS_BEFORE_400} refusals a minute from one address. Usable from any thread.
 */
final class KeyGate implements Authoriser<AgentConnection> {
    static final int REFUSALS_BEFORE_400 = 60;

    private static final Logger LOG = LoggerFactory.getLogger(KeyGate.class);
    private static final long WINDOW_MILLIS = TimeUnit.MINUTES.toMillis(1);
    private static final int MAX_ADDRESSES = 10_000;
    private static final int MAX_PENDING_LOOK_UPS = 1_000;
    private static final Duration LOOK_UP_TIMEOUT = Duration.ofSeconds(2);

    private final KeyRing keys;
    private final ContactLog contacts;
    private final GatewayMetrics metrics;
    private final Clock clock;
    private final AtomicInteger pendingLookUps = new AtomicInteger();
    /** Guarded by itself. */
    private final Map<String, Refusals> refusals = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Refusals> eldest) {
            return size() > MAX_ADDRESSES;
        }
    };

    /** @param windowStart by the monotonic clock, in milliseconds */
    private record Refusals(long windowStart, int count) {}

    KeyGate(KeyRing keys, ContactLog contacts, GatewayMetrics metrics, Clock clock) {
        this.keys = Objects.requireNonNull(keys, "keys");
        this.contacts = Objects.requireNonNull(contacts, "contacts");
        this.metrics = Objects.requireNonNull(metrics, "metrics");
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    @Override
    public Future<Verdict<AgentConnection>> authorise(byte[] publicKey, String address) {
        String key = Z85.encode(publicKey);
        Optional<AdmittedNode> known = keys.find(key);
        if (known.isPresent()) {
            return Future.succeededFuture(accepted(key, known.get()));
        }
        if (hasManyRefusals(address)) {
            countRefusal(address);
            note(address, "its key is not known, and too many connections from there had unknown keys");
            metrics.connectionRefused();
            return Future.succeededFuture(new Verdict.Refused<>());
        }
        if (pendingLookUps.get() >= MAX_PENDING_LOOK_UPS) {
            return Future.succeededFuture(
                    refusedForNow(address, "its key is not known, and too many such keys wait to be looked up"));
        }
        pendingLookUps.incrementAndGet();
        return keys.lookUp(key)
                .timeout(LOOK_UP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .onComplete(_ -> pendingLookUps.decrementAndGet())
                .map(owner -> owner.isPresent() ? accepted(key, owner.get()) : unknown(address, key))
                .otherwise(_ -> refusedForNow(address, "its key is not known, and the database could not be asked"));
    }

    private Verdict<AgentConnection> accepted(String key, AdmittedNode owner) {
        return new Verdict.Accepted<>(
                keys.isShared(key) ? AgentConnection.withSharedKey(key, owner) : AgentConnection.withKey(key, owner));
    }

    private Verdict<AgentConnection> unknown(String address, String key) {
        countRefusal(address);
        LOG.info(
                "agent refused: its key is not known, it has to fetch its configuration [address: {}, key: {}]",
                address,
                key);
        return refusedForNow(address, "its key is not known");
    }

    private Verdict<AgentConnection> refusedForNow(String address, String detail) {
        note(address, detail);
        metrics.connectionRefusedForNow();
        return new Verdict.RefusedForNow<>();
    }

    private void note(String address, String detail) {
        contacts.keyRefused(new ContactLog.Refusal(clock.instant(), address, detail));
    }

    private static long monotonicMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    private boolean hasManyRefusals(String address) {
        synchronized (refusals) {
            Refusals counted = refusals.get(address);
            return counted != null
                    && monotonicMillis() - counted.windowStart() <= WINDOW_MILLIS
                    && counted.count() >= REFUSALS_BEFORE_400;
        }
    }

    /** Only keys of which the database says that they are unknown count. */
    private void countRefusal(String address) {
        long now = monotonicMillis();
        synchronized (refusals) {
            refusals.merge(
                    address,
                    new Refusals(now, 1),
                    (old, first) -> now - old.windowStart() > WINDOW_MILLIS
                            ? first
                            : new Refusals(old.windowStart(), old.count() + 1));
        }
    }
}
