package org.pushjobs.server.store;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * Finds out that another host of a database is to be used although the one that is used ends no connection. A host that stands
 * still answers nothing; one that was cut off from its replicas, and replaced by one of them, answers and lets writes wait for
 * ever, or even takes them. So the hosts are asked when a statement has waited for too long, when writes are refused, and
 * now and then. To be used on one context.
 */
final class HostWatch {
    /** How often to {@link #look}. */
    static final Duration INTERVAL = Duration.ofMillis(250);

    /** How long a statement may wait before the hosts are asked. It goes on waiting where no other one is to be used. */
    private static final Duration DEADLINE = Duration.ofSeconds(1);

    /** Between two questions while a statement waits. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** Between two questions while all seems to be well. */
    private static final Duration ROUND = Duration.ofSeconds(10);

    private final ReplicatedHosts hosts;
    private final Supplier<Duration> longestWait;
    private final DatabaseLack lack;
    private final BiConsumer<MoveReason, String> move;
    private long askedNanos = System.nanoTime();
    private boolean asking;

    /**
     * @param longestWait of the statements that are under way
     * @param move is called when another host is to be used, with the reason and more about it for people
     */
    HostWatch(
            ReplicatedHosts hosts,
            Supplier<Duration> longestWait,
            DatabaseLack lack,
            BiConsumer<MoveReason, String> move) {
        this.hosts = Objects.requireNonNull(hosts, "hosts");
        this.longestWait = Objects.requireNonNull(longestWait, "longestWait");
        this.lack = Objects.requireNonNull(lack, "lack");
        this.move = Objects.requireNonNull(move, "move");
    }

    /** To be called again and again while a host is used. */
    void look() {
        Duration sinceAsked = Duration.ofNanos(System.nanoTime() - askedNanos);
        if (asking || sinceAsked.compareTo(PAUSE) < 0) {
            return;
        }
        Duration wait = longestWait.get();
        Optional<String> refused = lack.current();
        if (wait.compareTo(DEADLINE) > 0) {
            ask(MoveReason.NO_ANSWER, "a statement had no answer for " + wait.toMillis() + " ms");
        } else if (refused.isPresent()) {
            ask(MoveReason.WRITES_REFUSED, refused.get());
        } else if (sinceAsked.compareTo(ROUND) > 0) {
            ask(MoveReason.REPLACED, "another one had been promoted");
        }
    }

    private void ask(MoveReason reason, String why) {
        asking = true;
        hosts.isElsewhere().onComplete(asked -> {
            asking = false;
            askedNanos = System.nanoTime();
            if (asked.succeeded() && asked.result()) {
                move.accept(reason, why);
            }
        });
    }
}
