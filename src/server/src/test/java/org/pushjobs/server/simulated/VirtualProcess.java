package org.pushjobs.server.simulated;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.pushjobs.server.time.Schedule;

/**
 * One life of a process with one event loop. It can be paused, as by SIGSTOP: then nothing of it happens, what arrives waits,
 * and its timers are late when it goes on. Its monotonic clock goes on meanwhile. Once it has ended
 * nothing of it happens any more.
 */
final class VirtualProcess implements Schedule {
    private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");

    private final String name;
    private final String host;
    private final Timeline timeline;
    private final SplittableRandom random;
    private final List<Late> late = new ArrayList<>();
    private State state = State.RUNNING;

    private enum State {
        RUNNING,
        PAUSED,
        ENDED
    }

    private enum Kind {
        TIMER,
        ARRIVAL
    }

    private record Late(Kind kind, Runnable work) {}

    /**
     * @param name of this life, for people
     * @param host that it runs on
     */
    VirtualProcess(String name, String host, Timeline timeline, SplittableRandom random) {
        this.name = name;
        this.host = host;
        this.timeline = timeline;
        this.random = random;
    }

    String host() {
        return host;
    }

    boolean isAlive() {
        return state != State.ENDED;
    }

    boolean isRunning() {
        return state == State.RUNNING;
    }

    /** Something comes from outside. */
    void arrive(Runnable work) {
        happen(Kind.ARRIVAL, work);
    }

    private void happen(Kind kind, Runnable work) {
        switch (state) {
            case RUNNING -> work.run();
            case PAUSED -> late.add(new Late(kind, work));
            case ENDED -> {
                // nobody is there
            }
        }
    }

    void pause() {
        if (state == State.RUNNING) {
            state = State.PAUSED;
        }
    }

    /** What was due meanwhile happens at once: sometimes the timers first, sometimes what has arrived, sometimes in turns. */
    void resume() {
        if (state != State.PAUSED) {
            return;
        }
        state = State.RUNNING;
        List<Late> waiting = new ArrayList<>(late);
        late.clear();
        switch (random.nextInt(3)) {
            case 0 -> waiting.sort(Comparator.comparing(Late::kind));
            case 1 -> waiting.sort(Comparator.comparing(Late::kind).reversed());
            default -> {
                // as it was due
            }
        }
        waiting.forEach(next -> happen(next.kind, next.work));
    }

    void end() {
        state = State.ENDED;
        late.clear();
    }

    // ---- its event loop

    @Override
    public void soon(Runnable action) {
        after(0, action);
    }

    @Override
    public Runnable after(long millis, Runnable action) {
        Timer timer = new Timer(action);
        timeline.after(millis, () -> happen(Kind.TIMER, timer));
        return timer::cancel;
    }

    private static final class Timer implements Runnable {
        private Runnable action;

        private Timer(Runnable action) {
            this.action = action;
        }

        @Override
        public void run() {
            if (action != null) {
                action.run();
            }
        }

        private void cancel() {
            action = null;
        }
    }

    @Override
    public long nanos() {
        return TimeUnit.MILLISECONDS.toNanos(timeline.millis());
    }

    /** What a clock shows that is right. */
    static Instant time(long millis) {
        return START.plusMillis(millis);
    }

    @Override
    public String toString() {
        return name;
    }
}
