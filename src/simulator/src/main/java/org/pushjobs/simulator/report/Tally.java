package org.pushjobs.simulator.report;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the agents of a fleet did since its start. Usable from any thread. */
public final class Tally {
    private static final int MOST_KINDS_OF_ERRORS = 20;
    private static final String OTHER_ERRORS = "other errors";

    /** What is counted. */
    public enum Count {
        HEARTBEATS_SENT,
        SERVER_HEARTBEATS,
        COMMITS,
        RUNS,
        ABORTS,
        ACKS,
        RESULTS_SENT,
        /** Those of them that were said before; with {@code --mode healing}. */
        RESULTS_REPEATED,
        /** Connections of agents to the command port whose handshake was completed. */
        CONNECTIONS,
        /** Such connections that somebody else closed. */
        CONNECTIONS_LOST,
        /** Attempts to connect that failed. */
        CONNECTIONS_FAILED,
        /** Configuration requests that were answered. */
        FETCHES,
        /** Those of them that an agent made because nothing arrived on the command port. */
        FETCHES_FOR_SILENCE,
        /** Those of them that an agent made because the server had a new incarnation. */
        FETCHES_FOR_INCARNATION,
        /** Those of them that an agent made because nobody listened at the address of its server. */
        FETCHES_FOR_SERVER,
        /** Those of them that an agent made because the lifetime was over. */
        FETCHES_FOR_LIFETIME,
        FETCHES_FAILED,
        /** How often an agent missed the server's heartbeats and opened its sockets anew. */
        SERVER_AWAY,
        /** Messages that deaf agents dropped, because as many as can wait did so for a connection. */
        MESSAGES_LOST,
        VANISHED,
        /** Deaf agents that ended because they got no configuration at their start. */
        EXITED
    }

    private static final Logger LOG = LoggerFactory.getLogger(Tally.class);

    private final Map<Count, LongAdder> counts = new EnumMap<>(Count.class);
    private final Map<String, LongAdder> errors = new ConcurrentHashMap<>();

    public Tally() {
        for (Count count : Count.values()) {
            counts.put(count, new LongAdder());
        }
    }

    public void add(Count count) {
        counts.get(count).increment();
    }

    /** @param text the kind of the error; kinds beyond the first {@value #MOST_KINDS_OF_ERRORS} are one */
    public void error(String text) {
        String kind = errors.size() < MOST_KINDS_OF_ERRORS || errors.containsKey(text) ? text : OTHER_ERRORS;
        errors.computeIfAbsent(kind, Tally::firstOfItsKind).increment();
    }

    private static LongAdder firstOfItsKind(String kind) {
        LOG.warn("an agent met an error; others of its kind are only counted [error: {}]", kind);
        return new LongAdder();
    }

    public long get(Count count) {
        return counts.get(count).sum();
    }

    /** How often each kind of error happened. */
    public Map<String, Long> errors() {
        Map<String, Long> copy = new TreeMap<>();
        errors.forEach((kind, count) -> copy.put(kind, count.sum()));
        return copy;
    }
}
