package org.pushjobs.agent.link;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Whether a socket is connected to its port: what JeroMQ's I/O thread tells of it, for the agent's thread. Times are
 * milliseconds of one monotonic clock.
 */
final class PortConnection {
    private record State(boolean up, long sinceMillis) {}

    private final String address;
    private final AtomicBoolean lost = new AtomicBoolean();
    private final AtomicBoolean made = new AtomicBoolean();
    private volatile State state;

    /** Not connected yet. */
    PortConnection(String address, long nowMillis) {
        this.address = address;
        this.state = new State(false, nowMillis);
    }

    void connected(long nowMillis) {
        state = new State(true, nowMillis);
        made.set(true);
    }

    void disconnected(long nowMillis) {
        state = new State(false, nowMillis);
        lost.set(true);
    }

    /** {@code tcp://HOST:PORT}. */
    String address() {
        return address;
    }

    boolean isUp() {
        return state.up();
    }

    /** How long it has been up, 0 when it is not. */
    long upMillis(long nowMillis) {
        State now = state;
        return now.up() ? nowMillis - now.sinceMillis() : 0;
    }

    /** How long it has been down, 0 when it is not. */
    long downMillis(long nowMillis) {
        State now = state;
        return now.up() ? 0 : nowMillis - now.sinceMillis();
    }

    /** Whether it broke since this was last asked. */
    boolean wasLost() {
        return lost.getAndSet(false);
    }

    /** Whether it was made since this was last asked. */
    boolean wasMade() {
        return made.getAndSet(false);
    }
}
