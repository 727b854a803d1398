package org.pushjobs.server.simulated;

import java.util.PriorityQueue;

/** The one true time of a simulated world, in milliseconds since its beginning: nothing happens but what is due next. */
final class Timeline {
    /** In one moment; more is a loop without a pause. */
    private static final int MOST_AT_ONCE = 100_000;

    private final PriorityQueue<Due> due = new PriorityQueue<>();
    private long now;
    private long number;
    private int atOnce;

    private static final class Due implements Comparable<Due> {
        private final long millis;
        private final long number;
        private Runnable work;

        private Due(long millis, long number, Runnable work) {
            this.millis = millis;
            this.number = number;
            this.work = work;
        }

        @Override
        public int compareTo(Due other) {
            int byTime = Long.compare(millis, other.millis);
            return byTime == 0 ? Long.compare(number, other.number) : byTime;
        }
    }

    long millis() {
        return now;
    }

    /** @return takes it back, if it has not happened */
    Runnable after(long millis, Runnable work) {
        Due next = new Due(now + Math.max(0, millis), number++, work);
        due.add(next);
        return () -> next.work = null;
    }

    /** Lets everything happen that is due until then. */
    void pass(long millis) {
        long until = now + millis;
        while (!due.isEmpty() && due.peek().millis <= until) {
            Due next = due.remove();
            if (next.work == null) {
                continue;
            }
            if (next.millis > now) {
                now = next.millis;
                atOnce = 0;
            }
            if (++atOnce > MOST_AT_ONCE) {
                throw new AssertionError("so much is done at once that it never ends");
            }
            next.work.run();
        }
        now = until;
        atOnce = 0;
    }
}
