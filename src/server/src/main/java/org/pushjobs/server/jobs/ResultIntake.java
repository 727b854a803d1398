package org.pushjobs.server.jobs;

import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.pushjobs.protocol.message.Output;
import org.pushjobs.server.jobs.machine.JobEvent;
import org.pushjobs.server.jobs.model.JobStatus;
import org.pushjobs.server.jobs.model.NodeStatus;

/**
 * Holds results back whose output has to be stored first; whatever else comes from the same node meanwhile waits behind them,
 * and so do the time-outs of its job, which must not end what has ended already. Everything else goes through. Belongs to the
 * coordinator's event loop.
 */
final class ResultIntake {
    /** Of one node. Once its result counts, whatever it says only shows that it is not where it should be. */
    private static final int MOST_BEHIND = 16;

    private final ResultWriter writer;
    private final Sink sink;
    private final Map<LiveJob, Held> all = new HashMap<>();

    /**
     * How an event came.
     *
     * @param at when
     * @param report of a gateway that brought it, if one did
     */
    record Arrival(Instant at, Optional<ReportRef> report) {}

    /** Takes the events of jobs. */
    interface Sink {
        void advance(LiveJob job, JobEvent event, Arrival arrival);

        /** Nothing comes of what has arrived. */
        void pass(LiveJob job, Arrival arrival);

        /** After the node's result, which was without output for that reason. */
        void explain(LiveJob job, String node, String reason);
    }

    /** What waits behind the results of nodes, and behind all of them. */
    private static final class Held {
        /** In order; the same again would say nothing new. */
        private final Map<String, Map<JobEvent, Arrival>> ofNodes = new HashMap<>();

        private final Map<JobEvent, Arrival> ofJob = new LinkedHashMap<>();
    }

    ResultIntake(ResultWriter writer, Sink sink) {
        this.writer = Objects.requireNonNull(writer, "writer");
        this.sink = Objects.requireNonNull(sink, "sink");
    }

    /** Something happened to a job. */
    void arrived(LiveJob job, JobEvent event, Arrival arrival) {
        Held held = all.get(job);
        switch (event) {
            case JobEvent.OfNode ofNode
            when held != null && held.ofNodes.containsKey(ofNode.node()) ->
                putBehind(job, held.ofNodes.get(ofNode.node()), withoutText(event), arrival);
            case JobEvent.Result result when isToBeKept(job, result) -> hold(job, result, arrival);
            case JobEvent.RunTimeout _, JobEvent.AbortTimeout _
            when held != null -> held.ofJob.putIfAbsent(event, arrival);
            case JobEvent.Started _,
                    JobEvent.Resumed _,
                    JobEvent.VotingTimeout _,
                    JobEvent.RunTimeout _,
                    JobEvent.AbortRequested _,
                    JobEvent.AbortTimeout _,
                    JobEvent.OfNode _ -> sink.advance(job, event, arrival);
        }
    }

    private void putBehind(LiveJob job, Map<JobEvent, Arrival> behind, JobEvent event, Arrival arrival) {
        if (behind.size() >= MOST_BEHIND || behind.putIfAbsent(event, arrival) != null) {
            sink.pass(job, arrival);
        }
    }

    /** The job was given up. */
    void forget(LiveJob job) {
        all.remove(job);
    }

    /** How many jobs have results that are held back. */
    int jobs() {
        return all.size();
    }

    private static boolean isToBeKept(LiveJob job, JobEvent.Result result) {
        NodeStatus status = job.machine().nodes().get(result.node());
        return result.output().isPresent()
                && job.terms().spec().capture()
                && !job.isDead()
                && job.machine().status() == JobStatus.RUNNING
                && status != null
                && !status.isTerminal();
    }

    private void hold(LiveJob job, JobEvent.Result result, Arrival arrival) {
        all.computeIfAbsent(job, _ -> new Held()).ofNodes.put(result.node(), new LinkedHashMap<>());
        JobEvent.Result bare = withoutText(result);
        writer.store(job, result.node(), result.output().orElseThrow(), new ResultWriter.Answer() {
            @Override
            public void stored(Output output) {
                release(job, withText(bare, output), arrival, () -> {});
            }

            @Override
            public void dropped(String reason) {
                release(job, bare, arrival, () -> sink.explain(job, bare.node(), reason));
            }
        });
    }

    private void release(LiveJob job, JobEvent.Result result, Arrival arrival, Runnable then) {
        Held held = all.get(job);
        if (held == null) {
            return;
        }
        Map<JobEvent, Arrival> behind = held.ofNodes.remove(result.node());
        boolean isLast = held.ofNodes.isEmpty();
        if (isLast) {
            all.remove(job);
        }
        try {
            sink.advance(job, result, arrival);
            then.run();
            behind.forEach((event, since) -> arrived(job, event, since));
        } finally {
            if (isLast) {
                held.ofJob.forEach((event, since) -> arrived(job, event, since));
            }
        }
    }

    private static JobEvent withoutText(JobEvent event) {
        return event instanceof JobEvent.Result result ? withoutText(result) : event;
    }

    private static JobEvent.Result withoutText(JobEvent.Result result) {
        return with(result, Optional.empty());
    }

    private static JobEvent.Result withText(JobEvent.Result result, Output output) {
        return with(result, Optional.of(output));
    }

    private static JobEvent.Result with(JobEvent.Result result, Optional<Output> output) {
        return switch (result) {
            case JobEvent.Succeeded succeeded -> new JobEvent.Succeeded(succeeded.node(), output, succeeded.ending());
            case JobEvent.Failed failed -> new JobEvent.Failed(failed.node(), output, failed.ending());
        };
    }
}
