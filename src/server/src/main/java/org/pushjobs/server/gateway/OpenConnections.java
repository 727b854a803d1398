package org.pushjobs.server.gateway;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * The connections of agents that were open at one moment, to be closed bit by bit: where all agents are told the same address,
 * they connect again wherever it leads. Usable from any thread.
 */
public final class OpenConnections implements DepartingAgents {
    private final Deque<Long> rest;
    private final LongFunction<Optional<Runnable>> closing;

    /**
     * @param ids of the connections
     * @param closing closes one; empty when it has ended
     */
    OpenConnections(Collection<Long> ids, LongFunction<Optional<Runnable>> closing) {
        this.rest = new ArrayDeque<>(ids);
        this.closing = Objects.requireNonNull(closing, "closing");
    }

    /** Closes so many of those that have not ended. */
    @Override
    public synchronized void go(int atMost) {
        int closed = 0;
        while (closed < atMost && !rest.isEmpty()) {
            Optional<Runnable> next = closing.apply(rest.remove());
            next.ifPresent(Runnable::run);
            closed += next.isPresent() ? 1 : 0;
        }
    }

    /** How many have neither ended nor been closed by this. */
    @Override
    public synchronized int left() {
        rest.removeIf(id -> closing.apply(id).isEmpty());
        return rest.size();
    }

    @Override
    public synchronized void stay() {
        rest.clear();
    }
}
