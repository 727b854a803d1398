package org.pushjobs.server.jobs;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Objects;

/** The spill of one term: what comes of its calls is not told any more when the term is over. */
final class TermSpill implements Spill {
    private final Spill spill;
    private final TermSchedule schedule;

    TermSpill(Spill spill, TermSchedule schedule) {
        this.spill = Objects.requireNonNull(spill, "spill");
        this.schedule = Objects.requireNonNull(schedule, "schedule");
    }

    @Override
    public Future<Void> write(long position, byte[] data) {
        return whileHeld(spill.write(position, data));
    }

    @Override
    public Future<byte[]> read(long position, int length) {
        return whileHeld(spill.read(position, length));
    }

    @Override
    public void clear() {
        spill.clear();
    }

    private <T> Future<T> whileHeld(Future<T> future) {
        Promise<T> held = Promise.promise();
        future.onComplete(result -> {
            if (!schedule.isOver()) {
                held.handle(result);
            }
        });
        return held.future();
    }
}
