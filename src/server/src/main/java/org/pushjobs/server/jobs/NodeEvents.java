package org.pushjobs.server.jobs;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.message.JobState;
import org.pushjobs.server.facts.Fact;
import org.pushjobs.server.facts.Standing;
import org.pushjobs.server.jobs.directory.Conclusions;
import org.pushjobs.server.jobs.directory.NodeDirectory;
import org.pushjobs.server.jobs.machine.JobEvent;
import org.pushjobs.server.jobs.model.NodeStatus;
import org.pushjobs.server.time.Schedule;

/** Tells the live jobs what is concluded of their nodes and what these say. Belongs to the term's event loop. */
final class NodeEvents implements Conclusions {
    /** A first heartbeat may have crossed what the agent was told. */
    private static final int CERTAIN_HEARTBEATS = 2;

    private final LiveJobs live;
    private final NodeDirectory nodes;
    private final ReportLedger reports;
    private final ResultIntake results;
    private final OutputIntake output;
    private final Schedule schedule;
    private final Clock clock;
    private final Strangers strangers;
    private final IdleNodes idle;

    /** @param results where everything that happens to jobs goes through */
    NodeEvents(
            LiveJobs live,
            NodeDirectory nodes,
            ReportLedger reports,
            ResultIntake results,
            OutputIntake output,
            Schedule schedule,
            Clock clock) {
        this.live = Objects.requireNonNull(live, "live");
        this.nodes = Objects.requireNonNull(nodes, "nodes");
        this.reports = Objects.requireNonNull(reports, "reports");
        this.results = Objects.requireNonNull(results, "results");
        this.output = Objects.requireNonNull(output, "output");
        this.schedule = Objects.requireNonNull(schedule, "schedule");
        this.clock = Objects.requireNonNull(clock, "clock");
        this.strangers = new Strangers(nodes);
        this.idle = new IdleNodes(schedule, nodes::millisUntilNoneIsMissing, this::happened);
    }

    /** Something happens to a job, whoever it comes from. */
    void happened(LiveJob job, JobEvent event) {
        results.arrived(job, event, new ResultIntake.Arrival(clock.instant(), Optional.empty()));
    }

    // ---- conclusions

    @Override
    public void down(NodeRef node) {
        toJobsOf(node, new JobEvent.Down(node.node()));
    }

    @Override
    public void unreachable(NodeRef node) {
        toJobsOf(node, new JobEvent.Unreachable(node.node()));
    }

    @Override
    public void inDoubt(NodeRef node) {
        idle.forget(node);
        toJobsOf(node, new JobEvent.InDoubt(node.node()));
    }

    private void toJobsOf(NodeRef node, JobEvent event) {
        live.of(node).forEach(job -> happened(job, event));
    }

    // ---- what nodes say

    @Override
    public void doing(Fact.Doing fact) {
        NodeRef node = fact.node();
        idle.forget(node);
        fact.jobId().ifPresentOrElse(id -> live.find(id, node).ifPresent(job -> worksFor(job, fact)), () -> {
            if (fact.state() == JobState.IDLE) {
                live.of(node).forEach(job -> idle.doesNothing(job, node));
            }
        });
    }

    /** An agent does one thing at a time: to its other jobs it says that it does nothing for them. */
    private void worksFor(LiveJob job, Fact.Doing fact) {
        happened(job, FactEvents.event(fact));
        if (fact.heartbeats() >= CERTAIN_HEARTBEATS) {
            live.othersOf(fact.node(), job).forEach(other -> idle.doesNothing(other, fact.node()));
        }
    }

    @Override
    public void said(String gateway, Fact.Said fact) {
        ReportRef report = new ReportRef(gateway, fact.report());
        if (!reports.isNew(report)) {
            return;
        }
        Optional<LiveJob> part = live.find(fact.jobId(), fact.node());
        if (part.isEmpty()) {
            strangers.said(fact);
        }
        Optional<LiveJob> job = part.filter(
                known -> !(fact.repeated() && hasEnded(known, fact.node().node())));
        Optional<JobEvent> event = FactEvents.event(fact);
        if (job.isEmpty() || event.isEmpty()) {
            reports.settled(report);
        } else {
            reports.isAbout(job.get(), report);
            results.arrived(job.get(), event.get(), new ResultIntake.Arrival(clock.instant(), Optional.of(report)));
        }
    }

    private static boolean hasEnded(LiveJob job, String node) {
        return job.machine().nodes().get(node).isTerminal();
    }

    @Override
    public void wrote(Fact.Wrote fact) {
        fact.chunk()
                .jobId()
                .flatMap(id -> live.find(id, fact.node()))
                .ifPresentOrElse(
                        job -> output.arrived(job, fact.node().node(), fact.chunk()), () -> strangers.wrote(fact));
    }

    @Override
    public void undelivered(Fact.Undelivered fact) {
        live.find(fact.jobId(), fact.node()).ifPresent(job -> happened(job, FactEvents.event(fact)));
    }

    // ---- when a job begins

    /**
     * Tells a job that was just created which of its nodes cannot take part. Of those that are not heard another gateway may tell
     * soon when the term is new.
     *
     * @param awaitIfExpected whether a node that is not heard is waited for, so that nothing is to be told of it now
     */
    void reportUnavailable(LiveJob job, Predicate<NodeRef> awaitIfExpected) {
        long wait = nodes.millisUntilAllHaveTold();
        List<String> notHeard = new ArrayList<>();
        for (String name : job.terms().nodes()) {
            NodeRef node = new NodeRef(job.orgGuid(), name);
            boolean heard = nodes.isHeard(node);
            if (!heard && awaitIfExpected.test(node)) {
                continue;
            }
            if (!heard && wait > 0) {
                notHeard.add(name);
            } else if (!nodes.isAvailable(node)) {
                happened(job, downNow(node));
            }
        }
        if (!notHeard.isEmpty()) {
            schedule.after(wait, () -> reportNotHeard(job, notHeard));
        }
    }

    private JobEvent.Down downNow(NodeRef node) {
        return nodes.standing(node)
                .flatMap(NodeEvents::absence)
                .map(why -> new JobEvent.Down(node.node(), why))
                .orElseGet(() -> new JobEvent.Down(node.node()));
    }

    private static Optional<String> absence(Standing standing) {
        return switch (standing) {
            case AVAILABLE -> Optional.empty();
            case REHAB -> Optional.of("its agent was told to drop what it did before, and had not answered");
            case WRONG_TIME -> Optional.of("its clock was wrong");
            case DISCONNECTED, UNREACHABLE -> Optional.of("the connection of its agent had ended");
            case HELD -> Optional.of("its agent was silent");
            case CONNECTED -> Optional.of("its agent had connected and said nothing yet");
        };
    }

    private void reportNotHeard(LiveJob job, List<String> names) {
        if (live.has(job)) {
            names.stream()
                    .filter(name -> !nodes.isHeard(new NodeRef(job.orgGuid(), name)))
                    .filter(name -> job.machine().nodes().get(name) == NodeStatus.NEW)
                    .forEach(name -> happened(job, new JobEvent.Down(name)));
        }
    }
}
