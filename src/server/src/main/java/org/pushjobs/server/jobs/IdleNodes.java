package org.pushjobs.server.jobs;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.server.jobs.machine.JobEvent;
import org.pushjobs.server.jobs.model.JobStatus;
import org.pushjobs.server.time.Schedule;

/**
 * Nodes that say that they do nothing for their jobs. When a job runs that means that the node's result is lost, unless a gateway
 * is missing, or the term is new: then it may be with another gateway, which had the node before and has not told yet what it
 * has. Belongs to the term's event loop.
 */
final class IdleNodes {
    private final Schedule schedule;
    private final LongSupplier millisUntilNoneIsMissing;
    private final BiConsumer<LiveJob, JobEvent> events;
    /** What takes back that nodes are concluded to do nothing. */
    private final Map<NodeRef, List<Runnable>> waiting = new HashMap<>();

    /** @param events where it goes that a node does nothing for a job */
    IdleNodes(Schedule schedule, LongSupplier millisUntilNoneIsMissing, BiConsumer<LiveJob, JobEvent> events) {
        this.schedule = Objects.requireNonNull(schedule, "schedule");
        this.millisUntilNoneIsMissing = Objects.requireNonNull(millisUntilNoneIsMissing, "millisUntilNoneIsMissing");
        this.events = Objects.requireNonNull(events, "events");
    }

    void doesNothing(LiveJob job, NodeRef node) {
        JobEvent event = new JobEvent.ReportsIdle(node.node());
        long millis = millisUntilNoneIsMissing.getAsLong();
        if (millis > 0 && job.machine().status() == JobStatus.RUNNING && !job.isAborting()) {
            waiting.computeIfAbsent(node, _ -> new ArrayList<>())
                    .add(schedule.after(millis, () -> events.accept(job, event)));
        } else {
            events.accept(job, event);
        }
    }

    /** The node says something else now, or may. */
    void forget(NodeRef node) {
        Optional.ofNullable(waiting.remove(node)).ifPresent(cancels -> cancels.forEach(Runnable::run));
    }
}
