package org.pushjobs.zmtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.pushjobs.zmtp.wire.CloseReason;

/** Counts what a server reports. */
final class Counter implements ZmtpStatistics {
    private final BlockingQueue<CloseReason> refused = new LinkedBlockingQueue<>();
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger dropped = new AtomicInteger();

    @Override
    public void accepted() {
        accepted.incrementAndGet();
    }

    @Override
    public void opened(long nanos) {
        opened.incrementAndGet();
    }

    @Override
    public void refused(CloseReason reason) {
        refused.add(reason);
    }

    @Override
    public void dropped() {
        dropped.incrementAndGet();
    }

    int acceptedCount() {
        return accepted.get();
    }

    int openedCount() {
        return opened.get();
    }

    int droppedCount() {
        return dropped.get();
    }

    int refusedCount() {
        return refused.size();
    }

    /** Passes over connections that timed out, as those of JeroMQ do now and then, or that were given up. */
    CloseReason nextRefusedForAFault() throws InterruptedException {
        CloseReason reason = nextRefused();
        boolean withoutFault = reason == CloseReason.HANDSHAKE_TIMEOUT || reason == CloseReason.CLOSED_BY_PEER;
        return withoutFault ? nextRefusedForAFault() : reason;
    }

    CloseReason nextRefused() throws InterruptedException {
        CloseReason reason = refused.poll(30, TimeUnit.SECONDS);
        assertThat(reason).as("no connection was refused").isNotNull();
        return reason;
    }
}
