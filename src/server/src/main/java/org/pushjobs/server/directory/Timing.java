package org.pushjobs.server.directory;

import io.vertx.core.Vertx;
import java.time.Duration;

/** Time as it goes by, whatever the clock on the wall does. Usable from any thread. */
interface Timing {
    /** Nanoseconds since some moment; only differences mean something. */
    long nanos();

    /** Does it once, so much later, on some thread. */
    void after(Duration delay, Runnable action);

    /** The real one. */
    static Timing of(Vertx vertx) {
        return new Timing() {
            @Override
            public long nanos() {
                return System.nanoTime();
            }

            @Override
            public void after(Duration delay, Runnable action) {
                vertx.setTimer(Math.max(1, delay.toMillis() + 1), _ -> action.run());
            }
        };
    }
}
