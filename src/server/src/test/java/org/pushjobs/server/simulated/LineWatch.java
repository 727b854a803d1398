package org.pushjobs.server.simulated;

import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongFunction;

/** Notes when for a while nothing came over a line over which something should come every second. */
final class LineWatch {
    /** Less than what makes anybody conclude something, also when what is told after it is lost once or twice. */
    private static final long LONG_MILLIS = 3_000;

    private final World world;
    private final LongFunction<List<VirtualAgent>> concerned;
    private String from = "";
    private long lastMillis;

    /** @param concerned whose agents are at one end, or were since then */
    LineWatch(World world, LongFunction<List<VirtualAgent>> concerned) {
        this.world = world;
        this.concerned = concerned;
        this.lastMillis = world.timeline().millis();
    }

    /** @param who another one begins anew */
    void heard(String who) {
        long now = world.timeline().millis();
        if (who.equals(from) && now - lastMillis > LONG_MILLIS) {
            concerned
                    .apply(lastMillis)
                    .forEach(agent -> world.history()
                            .add(new History.Disturbed(
                                    agent.ref().node(), History.Disturbance.LINES, OptionalLong.of(lastMillis))));
        }
        from = who;
        lastMillis = now;
    }
}
