package org.pushjobs.server.facts;

/** The receiving end of numbered facts or orders: tells what is next from what is missing. Not thread-safe. */
public final class Sequence {
    private long next;

    /** What to do with what has arrived. */
    public enum Arrival {
        /** It is next. */
        NEXT,
        /** It is here already. */
        REPEATED,
        /** Something before it is missing. */
        GAP
    }

    /** Nothing has arrived, so that everything but a new beginning is a gap. */
    public Sequence() {
        this.next = 0;
    }

    /** Everything before is settled by what has arrived. */
    public void beginWith(long first, int count) {
        next = first + count;
    }

    /** @param count how many, from 0 */
    public Arrival arrived(long first, int count) {
        if (next == 0 || first > next) {
            return Arrival.GAP;
        }
        if (first < next) {
            return Arrival.REPEATED;
        }
        next = first + count;
        return Arrival.NEXT;
    }
}
