package org.pushjobs.workstation.job;

import static org.pushjobs.workstation.screen.Screen.printable;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.pushjobs.workstation.remote.JobDetail;
import org.pushjobs.workstation.remote.JobDocument;
import org.pushjobs.workstation.remote.NodePart;
import org.pushjobs.workstation.screen.Screen;
import org.pushjobs.workstation.screen.Spans;
import org.pushjobs.workstation.screen.Table;
import org.pushjobs.workstation.screen.Table.Cell;

/** Who asked for a job, how long it took, and when its nodes did their parts, for people. */
final class JobDetails {
    /** Of one status. */
    static final int NODES_SHOWN_PER_STATUS = 100;

    private final JobDocument job;
    private final JobDetail detail;
    private final Instant now;

    JobDetails(JobDocument job, Instant now) {
        this.job = job;
        this.detail = JobDetail.of(job);
        this.now = now;
    }

    void print(Screen screen) {
        detail.requestor().ifPresent(name -> screen.out().println("by:      " + printable(name)));
        detail.quorum()
                .ifPresent(quorum -> screen.out().println("quorum:  " + quorum + " of " + job.nodeCount() + " nodes"));
        job.createdAt().ifPresent(begin -> screen.out().println("took:    " + took(begin)));
        screen.out().println();
        table(detail.nodes()).print(screen, "  ");
    }

    private String took(Instant begin) {
        Optional<Instant> end = job.ended() ? job.updatedAt() : Optional.of(now);
        return end.map(at -> Spans.length(Duration.between(begin, at))).orElse("?") + (job.ended() ? "" : " so far");
    }

    private Table table(List<NodePart> parts) {
        Table table = new Table("NODE", "STATUS", "STARTED", "RAN", "EXIT");
        Map<String, Integer> shown = new TreeMap<>();
        for (NodePart part : parts) {
            if (shown.merge(part.status(), 1, Integer::sum) <= NODES_SHOWN_PER_STATUS) {
                table.add(
                        Cell.of(part.node()),
                        Cell.status(part.status()),
                        Cell.of(part.startedAt().map(this::afterTheBegin).orElse("")),
                        Cell.of(ran(part).map(Spans::length).orElse("")),
                        Cell.of(part.ending().orElse("")));
            }
        }
        shown.forEach((status, count) -> {
            if (count > NODES_SHOWN_PER_STATUS) {
                table.add(
                        Cell.of("... and " + (count - NODES_SHOWN_PER_STATUS) + " more"),
                        Cell.status(status),
                        Cell.of(""),
                        Cell.of(""),
                        Cell.of(""));
            }
        });
        return table;
    }

    private String afterTheBegin(Instant at) {
        return job.createdAt()
                .map(begin -> "+" + Spans.length(Duration.between(begin, at)))
                .orElse(at.toString());
    }

    /** Also of a command that still runs. */
    private Optional<Duration> ran(NodePart part) {
        return part.status().equals("running")
                ? part.startedAt().map(begin -> Duration.between(begin, now))
                : part.ran();
    }
}
