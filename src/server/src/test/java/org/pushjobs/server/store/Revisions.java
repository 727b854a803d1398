package org.pushjobs.server.store;

import java.util.concurrent.atomic.AtomicLong;

/** Rising, as one server's are. */
final class Revisions {
    private static final AtomicLong LAST = new AtomicLong();

    private Revisions() {}

    static long next() {
        return LAST.incrementAndGet();
    }
}
