package org.pushjobs.server.jobs;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.pushjobs.protocol.message.Ending;
import org.pushjobs.protocol.message.NackReason;
import org.pushjobs.protocol.message.Output;
import org.pushjobs.server.jobs.machine.FeedEvent;
import org.pushjobs.server.jobs.machine.JobEffect;
import org.pushjobs.server.jobs.machine.JobEvent;
import org.pushjobs.server.jobs.machine.JobMachine;
import org.pushjobs.server.jobs.model.CommandEnd;
import org.pushjobs.server.jobs.model.EventRow;
import org.pushjobs.server.jobs.model.JobAbort;
import org.pushjobs.server.jobs.model.JobChanges;
import org.pushjobs.server.jobs.model.JobStatus;
import org.pushjobs.server.jobs.model.JobTerms;
import org.pushjobs.server.jobs.model.NewJob;
import org.pushjobs.server.jobs.model.NodeStatus;
import org.pushjobs.server.jobs.model.NodeTimes;
import org.pushjobs.server.jobs.model.OutputKey;
import org.pushjobs.server.jobs.model.OutputState;
import org.pushjobs.server.jobs.model.StoredJob;

/**
 * A job that has not ended: its machine, and what of it is not stored yet. Effects on the world outside wait here until
 * what came before them is stored. Belongs to the coordinator's event loop.
 */
final class LiveJob {
    private final NewJob facts;
    private final JobMachine machine;
    private final Duration runTime;
    private final boolean resumed;
    private boolean toBeCreated;
    private int lastEventSeq;
    private Instant lastEventAt;
    private long revision;
    private boolean dead;
    private final Map<OutputKey, Long> outputEnds = new HashMap<>();

    private Optional<JobStatus> status = Optional.empty();
    private Optional<JobAbort> abort = Optional.empty();
    private Map<String, JobChanges.NodeChange> nodes = new HashMap<>();
    private long unsavedTailBytes;
    private List<EventRow> events = new ArrayList<>();
    private List<JobEffect> waiting = new ArrayList<>();
    /** Those that brought about what is not stored. */
    private List<ReportRef> reports = new ArrayList<>();
    /** Those of the waiting effects that heartbeats bring about again and again while nothing can be stored. */
    private Set<JobEffect> waitingOnce = new HashSet<>();
    /** Those of the events that came when there were many. */
    private Set<FeedEvent> repeatable = new HashSet<>();

    private LiveJob(
            NewJob facts,
            JobMachine machine,
            boolean toBeCreated,
            int lastEventSeq,
            Instant lastEventAt,
            Duration runTime) {
        this.facts = facts;
        this.machine = machine;
        this.toBeCreated = toBeCreated;
        this.lastEventSeq = lastEventSeq;
        this.lastEventAt = lastEventAt;
        this.runTime = runTime;
        this.resumed = !toBeCreated;
    }

    /** How much of each channel is stored of what came while commands run, as far as it is known; for its writer. */
    Map<OutputKey, Long> outputEnds() {
        return outputEnds;
    }

    /** Whether it began in an earlier life of the server. */
    boolean isResumed() {
        return resumed;
    }

    static LiveJob create(NewJob job) {
        JobTerms terms = job.terms();
        JobMachine machine =
                JobMachine.create(terms.nodes(), terms.quorum(), terms.spec().capture());
        return new LiveJob(job, machine, true, 0, Instant.EPOCH, Duration.ofSeconds(terms.runTimeoutSeconds()));
    }

    /**
     * @param lastEventAt when its newest stored event was
     * @param runTime how long the nodes may still run
     */
    static LiveJob restore(StoredJob job, Instant lastEventAt, Duration runTime) {
        NewJob facts = new NewJob(job.id(), job.orgGuid(), job.requestor(), job.terms(), job.createdAt());
        int quorum = job.terms().quorum();
        boolean capture = job.terms().spec().capture();
        // in the order of the terms, which is the same each time
        Map<String, NodeStatus> nodes = new LinkedHashMap<>();
        job.terms().nodes().forEach(node -> nodes.put(node, job.nodes().get(node)));
        JobMachine machine = job.abort().isPresent()
                ? JobMachine.restoreAborting(nodes, job.status(), quorum, capture)
                : JobMachine.restore(nodes, job.status(), quorum, capture);
        LiveJob restored = new LiveJob(facts, machine, false, job.lastEventSeq(), lastEventAt, runTime);
        restored.revision = job.revision() + StoredJob.REVISIONS_OF_A_LIFE;
        return restored;
    }

    /** As it was asked for. */
    NewJob facts() {
        return facts;
    }

    String id() {
        return facts.id();
    }

    String orgGuid() {
        return facts.orgGuid();
    }

    String requestor() {
        return facts.requestor();
    }

    JobTerms terms() {
        return facts.terms();
    }

    Duration runTime() {
        return runTime;
    }

    JobMachine machine() {
        return machine;
    }

    /** Whether somebody has asked for the job's end before it ended. */
    boolean isAborting() {
        return machine.isAborting();
    }

    /** Whether it was given up: nothing changes it any more, and nothing of it is stored or carried out. */
    boolean isDead() {
        return dead;
    }

    void die() {
        dead = true;
    }

    /**
     * Lets the machine decide and notes what is to be stored and what is to be done after that.
     *
     * @return whether the event changed anything
     */
    boolean apply(JobEvent event, Instant now) {
        if (dead) {
            return false;
        }
        List<JobEffect> effects = machine.on(event);
        for (JobEffect effect : effects) {
            switch (effect) {
                case JobEffect.SetJobStatus(JobStatus newStatus) -> status = Optional.of(newStatus);
                case JobEffect.SetNodeStatus set -> change(set, now);
                case JobEffect.NoteRefusal(String node, NackReason reason) ->
                    nodes.computeIfPresent(node, (_, change) -> change.refused(reason.word()));
                case JobEffect.NoteEnding(String node, Ending ending) ->
                    nodes.computeIfPresent(node, (_, change) -> ended(change, ending));
                case JobEffect.KeepOutput(String node, Output output) -> {
                    // the text itself is stored by now, see ResultIntake
                    OutputState kept = new OutputState.Kept(bytes(output.stdout()), bytes(output.stderr()));
                    nodes.computeIfPresent(node, (_, change) -> change.with(kept));
                }
                case JobEffect.MissOutput(String node) ->
                    nodes.computeIfPresent(node, (_, change) -> change.with(new OutputState.Dropped()));
                case JobEffect.NoteAbort(String by) -> abort = Optional.of(new JobAbort(by, now));
                case JobEffect.Emit(FeedEvent.Rehab(String node))
                when waitingOnce.contains(new JobEffect.Rehabilitate(node)) -> {
                    // it is told once, as it is done once
                }
                case JobEffect.Emit(FeedEvent feedEvent) -> {
                    if (events.size() < manyEvents() || repeatable.add(feedEvent)) {
                        events.add(row(feedEvent, now));
                    }
                }
                case JobEffect.StartVotingTimer _,
                        JobEffect.StartRunTimer _,
                        JobEffect.StartAbortTimer _,
                        JobEffect.End _ -> waiting.add(effect);
                case JobEffect.SendAbort(List<String> names) -> {
                    withdraw(names);
                    waitOnce(effect);
                }
                case JobEffect.Rehabilitate(String name) -> {
                    withdraw(List.of(name));
                    waitOnce(effect);
                }
                case JobEffect.SendCommit _, JobEffect.SendRun _, JobEffect.AckResult _ -> waitOnce(effect);
            }
        }
        return !effects.isEmpty();
    }

    private void waitOnce(JobEffect effect) {
        if (waitingOnce.add(effect)) {
            waiting.add(effect);
        }
    }

    /** Whoever is to be aborted must not be told before that to begin: an abort does not end everything that has begun. */
    private void withdraw(List<String> names) {
        List<JobEffect> before = waiting;
        waiting = new ArrayList<>(before.size());
        for (JobEffect effect : before) {
            switch (effect) {
                case JobEffect.SendCommit(List<String> told) ->
                    rest(told, names, effect).map(JobEffect.SendCommit::new).ifPresent(this::waitOnce);
                case JobEffect.SendRun(List<String> told) ->
                    rest(told, names, effect).map(JobEffect.SendRun::new).ifPresent(this::waitOnce);
                case JobEffect.SendAbort _,
                        JobEffect.AckResult _,
                        JobEffect.Rehabilitate _,
                        JobEffect.StartVotingTimer _,
                        JobEffect.StartRunTimer _,
                        JobEffect.StartAbortTimer _,
                        JobEffect.End _,
                        JobEffect.Durable _ -> waiting.add(effect);
            }
        }
    }

    /** Those who are still told; empty when nobody is. */
    private Optional<List<String>> rest(List<String> told, List<String> withdrawn, JobEffect effect) {
        waitingOnce.remove(effect);
        List<String> rest =
                told.stream().filter(name -> !withdrawn.contains(name)).toList();
        return rest.isEmpty() ? Optional.empty() : Optional.of(rest);
    }

    /** From here on each waits once: agents that break the protocol may bring them about for as long as an outage lasts. */
    private int manyEvents() {
        return 8 * terms().nodes().size() + 64;
    }

    /** What is not stored has to do with this report, too. */
    void owesTo(ReportRef report) {
        reports.add(report);
    }

    /** Tells people why the node's output is not there; its result has just been applied. */
    void explainMissingOutput(String node, String reason) {
        nodes.computeIfPresent(node, (_, change) -> change.because(reason));
    }

    private void change(JobEffect.SetNodeStatus set, Instant now) {
        JobChanges.NodeChange change = new JobChanges.NodeChange(
                set.status(), set.reason(), NodeTimes.NONE.reached(set.status(), now), new OutputState.None());
        nodes.merge(set.node(), change, (earlier, later) -> later.after(earlier));
    }

    private JobChanges.NodeChange ended(JobChanges.NodeChange change, Ending ending) {
        JobChanges.NodeChange ended = change.with(new CommandEnd(ending.exitCode(), ending.signal()));
        unsavedTailBytes += ending.tail().map(tail -> tail.data().length).orElse(0);
        JobChanges.NodeChange known = ending.tail().map(ended::with).orElse(ended);
        return ending.output()
                .filter(_ -> terms().spec().capture())
                .map(output -> known.with(new OutputState.Kept(
                        Math.clamp(output.stdoutBytes(), 0, Integer.MAX_VALUE),
                        Math.clamp(output.stderrBytes(), 0, Integer.MAX_VALUE),
                        output.stdoutDroppedBytes(),
                        output.stderrDroppedBytes())))
                .orElse(known);
    }

    /** How much of it is the last of what failed commands wrote. */
    long unsavedTailBytes() {
        return unsavedTailBytes;
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private EventRow row(FeedEvent event, Instant now) {
        Instant at = now.truncatedTo(ChronoUnit.MICROS);
        if (!at.isAfter(lastEventAt)) {
            at = lastEventAt.plus(1, ChronoUnit.MICROS);
        }
        lastEventAt = at;
        return new EventRow(++lastEventSeq, FeedEventData.name(event), at, FeedEventData.data(event, this));
    }

    /** The end of a job that the server gives up, to be stored after all that was handed over. */
    JobChanges crash(Instant now) {
        return new JobChanges(
                id(),
                orgGuid(),
                ++revision,
                Optional.of(JobStatus.CRASHED),
                Map.of(),
                Map.of(),
                List.of(row(new FeedEvent.JobComplete(JobStatus.CRASHED), now)),
                now);
    }

    /**
     * What happened since the last call.
     *
     * @param created the job itself, when it is not stored yet
     * @param changes to be stored with it
     * @param waiting to be done once all that is stored
     * @param reports that are settled then
     * @param tailBytes how much of the changes is the last of what failed commands wrote
     */
    record Unsaved(
            LiveJob job,
            Optional<NewJob> created,
            JobChanges changes,
            List<JobEffect> waiting,
            List<ReportRef> reports,
            long tailBytes) {}

    /** Hands over what is not stored yet. */
    Unsaved takeUnsaved(Instant now) {
        Unsaved unsaved = new Unsaved(
                this,
                toBeCreated ? Optional.of(facts) : Optional.empty(),
                new JobChanges(id(), orgGuid(), ++revision, status, abort, nodes, Map.of(), events, now),
                waiting,
                reports,
                unsavedTailBytes);
        toBeCreated = false;
        status = Optional.empty();
        abort = Optional.empty();
        nodes = new HashMap<>();
        unsavedTailBytes = 0;
        events = new ArrayList<>();
        waiting = new ArrayList<>();
        reports = new ArrayList<>();
        waitingOnce = new HashSet<>();
        repeatable = new HashSet<>();
        return unsaved;
    }
}
