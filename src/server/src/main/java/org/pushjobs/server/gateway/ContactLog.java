package org.pushjobs.server.gateway;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.codec.RejectionReason;

/**
 * What agents lately tried in vain, so that people can be told why a node is not there: the newest configuration handed to
 * each node, the newest request for one that was refused, the newest message of each node that was rejected, and the newest
 * connection from each address whose key was refused. Each kind is bounded; the eldest go first. Usable from any thread; costs nothing while nothing goes wrong.
 */
public final class ContactLog {
    static final int MAX_NODES = 50_000;
    static final int MAX_ADDRESSES = 10_000;

    private final Map<NodeRef, Fetch> fetches = bounded(MAX_NODES);
    private final Map<NodeRef, ConfigRefusal> configRefusals = bounded(MAX_NODES);
    private final Map<NodeRef, Rejection> rejections = bounded(MAX_NODES);
    private final Map<String, Refusal> refusals = bounded(MAX_ADDRESSES);

    /**
     * A configuration was handed out.
     *
     * @param address of who fetched it, as far as proxies let see
     */
    public record Fetch(Instant at, String address) {
        public Fetch {
            Objects.requireNonNull(at, "at");
            Objects.requireNonNull(address, "address");
        }
    }

    /**
     * A request for a node's configuration was refused; who sent it may not be known.
     *
     * @param address of who sent it, as far as proxies let see
     * @param status of HTTP, 400 to 499
     * @param detail what the answer said, at most {@value #MAX_TEXT_CHARACTERS} characters
     */
    public record ConfigRefusal(Instant at, String address, int status, String detail) {
        private static final int MAX_TEXT_CHARACTERS = 255;

        public ConfigRefusal {
            Objects.requireNonNull(at, "at");
            Objects.requireNonNull(address, "address");
            detail = detail.length() <= MAX_TEXT_CHARACTERS ? detail : detail.substring(0, MAX_TEXT_CHARACTERS);
        }
    }

    /**
     * A message was dropped.
     *
     * @param detail what was wrong, no secrets
     * @param behind how far its timestamp was behind the server's clock, negative when ahead; only for clock skew
     */
    public record Rejection(Instant at, RejectionReason reason, String detail, Optional<Duration> behind) {
        public Rejection {
            Objects.requireNonNull(at, "at");
            Objects.requireNonNull(reason, "reason");
            Objects.requireNonNull(detail, "detail");
            Objects.requireNonNull(behind, "behind");
        }
    }

    /** A connection was refused because of its CURVE key; whose key it was cannot be known. */
    public record Refusal(Instant at, String address, String detail) {
        public Refusal {
            Objects.requireNonNull(at, "at");
            Objects.requireNonNull(address, "address");
            Objects.requireNonNull(detail, "detail");
        }
    }

    private static <K, V> Map<K, V> bounded(int capacity) {
        return new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > capacity;
            }
        };
    }

    /** The node's agent, or somebody for it, was handed its configuration. */
    public synchronized void configFetched(NodeRef node, Fetch fetch) {
        fetches.put(node, fetch);
    }

    /** Somebody was refused the node's configuration. */
    public synchronized void configRefused(NodeRef node, ConfigRefusal refusal) {
        configRefusals.put(node, refusal);
    }

    /** A message was dropped that came from the node, or without CURVE claimed so. */
    public synchronized void messageRejected(NodeRef node, Rejection rejection) {
        rejections.put(node, rejection);
    }

    /** A connection was refused. */
    public synchronized void keyRefused(Refusal refusal) {
        refusals.put(refusal.address(), refusal);
    }

    /** Empty when there was none since the server's start, or too many others since. */
    public synchronized Optional<Fetch> fetch(NodeRef node) {
        return Optional.ofNullable(fetches.get(node));
    }

    /** Empty when there was none since the server's start, or too many others since. */
    public synchronized Optional<ConfigRefusal> configRefusal(NodeRef node) {
        return Optional.ofNullable(configRefusals.get(node));
    }

    /** Empty when there was none since the server's start, or too many others since. */
    public synchronized Optional<Rejection> rejection(NodeRef node) {
        return Optional.ofNullable(rejections.get(node));
    }

    /** Empty when there was none since the server's start, or too many others since. */
    public synchronized Optional<Refusal> refusal(String address) {
        return Optional.ofNullable(refusals.get(address));
    }
}
