package org.pushjobs.server.jobs;

import java.util.Objects;
import org.pushjobs.server.facts.Facts;
import org.pushjobs.server.facts.Lines;
import org.pushjobs.server.facts.Orders;
import org.pushjobs.server.facts.TermBeat;

/** The lines of one term: nothing is sent over them when it is over. */
final class TermLines implements Lines {
    private final Lines lines;
    private final TermSchedule schedule;

    TermLines(Lines lines, TermSchedule schedule) {
        this.lines = Objects.requireNonNull(lines, "lines");
        this.schedule = Objects.requireNonNull(schedule, "schedule");
    }

    @Override
    public void send(Facts facts) {
        throw new UnsupportedOperationException("a term states no facts");
    }

    @Override
    public void send(Orders orders) {
        if (!schedule.isOver()) {
            lines.send(orders);
        }
    }

    @Override
    public void publish(TermBeat beat) {
        if (!schedule.isOver()) {
            lines.publish(beat);
        }
    }
}
