package org.pushjobs.server.gateway;

import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.pushjobs.protocol.keys.Z85;
import org.pushjobs.server.metrics.ServerMetrics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which CURVE keys may connect to the command port (ZMQ RFC 27; statuses by architecture.md, "ZAP and
 * connections"): a known key gets 200, an unknown one 300, which agents survive, and 400 only beyond
 * {@value #REFUSALS_BEFORE_400} refusals a minute from one address. All methods run on the thread of {@link ZmqLoop}.
 */
final class ZapGate {
    static final int REFUSALS_BEFORE_400 = 60;

    private static final Logger LOG = LoggerFactory.getLogger(ZapGate.class);
    private static final long WINDOW_MILLIS = TimeUnit.MINUTES.toMillis(1);
    private static final int MAX_ADDRESSES = 10_000;
    private static final int MAX_PENDING_LOOK_UPS = 1_000;
    private static final Duration LOOK_UP_TIMEOUT = Duration.ofSeconds(2);

    /**
     * The answer to a connection.
     *
     * @param status 200, 300 or 400
     * @param userId the key in Z85 when it is accepted, else empty; the messages of the connection carry it
     */
    record Verdict(String status, String text, String userId) {}

    private final KeyRing keys;
    private final ContactLog contacts;
    private final ServerMetrics metrics;
    private final Clock clock;
    private int pendingLookUps;
    private final Map<String, Refusals> refusals = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Refusals> eldest) {
            return size() > MAX_ADDRESSES;
        }
    };

    private record Refusals(long windowStart, int count) {}

    ZapGate(KeyRing keys, ContactLog contacts, ServerMetrics metrics, Clock clock) {
        this.keys = Objects.requireNonNull(keys, "keys");
        this.contacts = Objects.requireNonNull(contacts, "contacts");
        this.metrics = Objects.requireNonNull(metrics, "metrics");
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    /**
     * @param address IP address of the peer
     * @param publicKey the peer's raw key
     * @param onLoop runs a task on the loop's thread, from any thread
     * @param answer called once, on the loop's thread, now or when the database has been asked
     */
    void check(String address, byte[] publicKey, Consumer<Runnable> onLoop, Consumer<Verdict> answer) {
        String key = Z85.encode(publicKey);
        Optional<AdmittedNode> known = keys.find(key);
        if (known.isPresent()) {
            answer.accept(accepted(key));
            return;
        }
        if (countRefusal(address) > REFUSALS_BEFORE_400) {
            note(address, "its key is not known, and too many connections from there had unknown keys");
            metrics.connectionRefused();
            answer.accept(new Verdict("400", "unknown key", ""));
            return;
        }
        if (pendingLookUps >= MAX_PENDING_LOOK_UPS) {
            note(address, "its key is not known, and too many such keys wait to be looked up");
            metrics.connectionRefusedForNow();
            answer.accept(new Verdict("300", "too many unknown keys at once", ""));
            return;
        }
        pendingLookUps++;
        keys.lookUp(key)
                .timeout(LOOK_UP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .onComplete(result -> onLoop.accept(() -> {
                    pendingLookUps--;
                    if (result.succeeded() && result.result().isPresent()) {
                        answer.accept(accepted(key));
                    } else {
                        note(
                                address,
                                result.succeeded()
                                        ? "its key is not known"
                                        : "its key is not known, and the database could not be asked");
                        LOG.info(
                                "agent refused: its key is not known, it has to fetch its configuration [address: {}, key: {}]",
                                address,
                                key);
                        metrics.connectionRefusedForNow();
                        answer.accept(new Verdict("300", "unknown key", ""));
                    }
                }));
    }

    private static Verdict accepted(String key) {
        return new Verdict("200", "OK", key);
    }

    private void note(String address, String detail) {
        contacts.keyRefused(new ContactLog.Refusal(clock.instant(), address, detail));
    }

    private int countRefusal(String address) {
        long now = clock.millis();
        Refusals counted = refusals.merge(
                address,
                new Refusals(now, 1),
                (old, first) -> now - old.windowStart() > WINDOW_MILLIS
                        ? first
                        : new Refusals(old.windowStart(), old.count() + 1));
        return counted.count();
    }
}
