package org.pushjobs.server.time;

/** Something that is done again and again, also when it has failed. */
final class Periodic {
    private final Schedule schedule;
    private final long millis;
    private final Runnable action;
    private Runnable cancel = () -> {};
    private boolean ended;

    Periodic(Schedule schedule, long millis, Runnable action) {
        this.schedule = schedule;
        this.millis = millis;
        this.action = action;
    }

    void next() {
        cancel = schedule.after(millis, this::act);
    }

    private void act() {
        if (!ended) {
            next();
            action.run();
        }
    }

    void end() {
        ended = true;
        cancel.run();
    }
}
