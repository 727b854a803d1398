package org.pushjobs.server.jobs.machine;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.pushjobs.protocol.message.NackReason;

/**
 * Which nodes of one job are in doubt: messages to them or of them may be lost, and they have not said since what they do
 * (cluster.md, "Doubt is per node"). A node that ever was in doubt may have been sent the same twice, and what it said may
 * have been told by a heartbeat first: so a vote or refusal of it that comes late says nothing, heartbeats tell what is so,
 * and a result may come of a node whose start was not heard of. Holds nothing for nodes that never were in doubt, but that
 * they were sent {@code run}. Part of the pure {@link JobMachine}; not thread-safe.
 */
final class Doubts {
    /** A heartbeat may have been written before the {@code run} that it crossed; the next one was not. */
    private static final int HEARTBEATS_AFTER_RUN = 2;

    private final Map<String, Doubt> ever = new HashMap<>();
    private final Set<String> sentRun = new HashSet<>();

    private static final class Doubt {
        private String cause;
        private boolean present = true;
        private int committedHeartbeats;
        private boolean askedAgain;
        private boolean mayHaveTwoRuns;
        private Optional<Refusal> refusal = Optional.empty();
    }

    /** @param reason where the agent gives one */
    record Refusal(Optional<NackReason> reason) {}

    /** The server was restarted. */
    void serverWasAway(String node) {
        begin(node, "the server was away").mayHaveTwoRuns = true;
    }

    /** The node has a new connection, or a new session. */
    void connectionBroke(String node) {
        begin(node, "its connection broke");
    }

    private Doubt begin(String node, String cause) {
        Doubt doubt = ever.computeIfAbsent(node, _ -> new Doubt());
        doubt.cause = cause;
        doubt.present = true;
        doubt.committedHeartbeats = 0;
        return doubt;
    }

    /** The node has said what it does. */
    void dispel(String node) {
        Doubt doubt = ever.get(node);
        if (doubt != null) {
            doubt.present = false;
        }
    }

    boolean isInDoubt(String node) {
        Doubt doubt = ever.get(node);
        return doubt != null && doubt.present;
    }

    /** Whether the node is or was in doubt. */
    boolean ever(String node) {
        return ever.containsKey(node);
    }

    void sentRun(List<String> nodes) {
        sentRun.addAll(nodes);
    }

    /**
     * A heartbeat says that the node is committed though the job runs: is it told to run, perhaps for a second time? An agent
     * starts only what it is committed to, so it runs once at most.
     */
    boolean isToldToRun(String node) {
        Doubt doubt = ever.get(node);
        if (doubt == null || !doubt.present) {
            return false;
        }
        doubt.committedHeartbeats++;
        boolean isSecond = sentRun.contains(node);
        if (isSecond && doubt.committedHeartbeats < HEARTBEATS_AFTER_RUN) {
            return false;
        }
        doubt.present = false;
        doubt.mayHaveTwoRuns |= isSecond;
        return true;
    }

    /** Whether the node may have been sent {@code run} twice, and so may refuse though it runs. */
    boolean mayHaveTwoRuns(String node) {
        Doubt doubt = ever.get(node);
        return doubt != null && doubt.mayHaveTwoRuns;
    }

    /** The node, which is in doubt, does nothing and is asked for its vote again. */
    void askedAgain(String node) {
        Doubt doubt = ever.get(node);
        doubt.present = false;
        doubt.askedAgain = true;
    }

    /** Whether a refusal may be the answer to the second of two questions, the first of which was accepted. */
    boolean mayBeSecondAnswer(String node) {
        Doubt doubt = ever.get(node);
        return doubt != null && doubt.askedAgain;
    }

    /** It counts when heartbeats say that the node does nothing. */
    void refusedAgain(String node, Optional<NackReason> reason) {
        ever.get(node).refusal = Optional.of(new Refusal(reason));
    }

    /** A refusal that does not count yet. */
    Optional<Refusal> refusal(String node) {
        return Optional.ofNullable(ever.get(node)).flatMap(doubt -> doubt.refusal);
    }

    /** For people: the node says that it does nothing, but its result never came. */
    String whyResultIsLost(String node) {
        Doubt doubt = ever.get(node);
        return doubt == null
                ? "result lost: the agent lost it, it says that it does nothing"
                : "result lost when " + doubt.cause + ": the agent says that it does nothing";
    }
}
