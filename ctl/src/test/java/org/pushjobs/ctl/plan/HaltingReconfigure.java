package org.pushjobs.ctl.plan;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.pushjobs.ctl.layout.Layout;
import org.pushjobs.ctl.testing.FakeMachine;

/** A reconfigure that ends like one that is killed, after some steps; without any clean-up. */
final class HaltingReconfigure {
    static final int KILLED = 137;

    private HaltingReconfigure() {}

    /** @param arguments the root directory and the number of steps */
    public static void main(String[] arguments) throws Exception {
        AtomicInteger left = new AtomicInteger(Integer.parseInt(arguments[1]));
        new Reconfigure(
                        new Layout(Path.of(arguments[0])),
                        () -> FakeMachine.NAME,
                        Duration.ZERO,
                        new PrintWriter(System.out),
                        _ -> {
                            if (left.decrementAndGet() == 0) {
                                Runtime.getRuntime().halt(KILLED);
                            }
                        })
                .apply();
    }
}
