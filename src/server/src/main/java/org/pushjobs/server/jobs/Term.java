package org.pushjobs.server.jobs;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.pushjobs.config.JobsConfig;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.facts.Facts;
import org.pushjobs.server.facts.Lines;
import org.pushjobs.server.facts.Order;
import org.pushjobs.server.jobs.directory.DownNodes;
import org.pushjobs.server.jobs.directory.FactIntake;
import org.pushjobs.server.jobs.directory.Gateways;
import org.pushjobs.server.jobs.directory.NodeDirectory;
import org.pushjobs.server.jobs.directory.ToldConfigs;
import org.pushjobs.server.jobs.machine.JobEffect;
import org.pushjobs.server.jobs.machine.JobEvent;
import org.pushjobs.server.jobs.model.JobChanges;
import org.pushjobs.server.jobs.model.JobStatus;
import org.pushjobs.server.metrics.JobMetrics;
import org.pushjobs.server.store.OutputEnds;
import org.pushjobs.server.store.TermReads;
import org.pushjobs.server.store.TermWrites;
import org.pushjobs.server.time.Schedule;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One term of being the coordinator: everything that belongs to it, for one epoch (cluster.md, "Term"). It runs the live jobs:
 * feeds their machines with what nodes and timers do, stores what they decide and then carries it out. Once it is
 * {@linkplain #revoke revoked}, or the lease is not held any more, nothing of it acts. All state belongs to one event loop.
 *
 * <p>It is over 300 lines long because a third of them say what it is made of.
 */
public final class Term implements StoreWriter.Listener, ResultIntake.Sink {
    private static final Logger LOG = LoggerFactory.getLogger(Term.class);

    private static final long STOP_TIMEOUT_MILLIS = 4_000;
    private static final long STOP_CHECK_MILLIS = 20;
    private static final long LONGEST_BEAT_MILLIS = 1_000;

    private final Setup setup;
    private final Clock clock;
    private final TermSchedule schedule;
    private final JobMeter meter;
    private final ReportLedger reports = new ReportLedger();
    private final NodeDirectory nodes;
    private final LiveJobs live;
    private final StoreBacklog backlog;
    private final StoreWriter writer;
    private final TailRoom tails;
    private final ResultWriter resultWriter;
    private final ResultIntake results;
    private final OutputIntake output;
    private final NodeEvents events;
    private final FactIntake facts;
    private final EffectRunner effects;
    private final JobStarter starter;
    private final Aborts aborts;
    private boolean stopping;
    private boolean acknowledgesSoon;

    /**
     * What it needs to know of the server.
     *
     * @param serverName as commits carry it
     * @param maxOutputBytes the most that is stored of each channel of a command while it runs; 0 for nothing
     * @param maxTailBytes the most that is stored of the end of what a failed command wrote; 0 for nothing
     * @param maxBodySizeBytes largest message that every agent takes
     */
    public record Settings(
            String serverName,
            JobsConfig jobs,
            Duration heartbeatInterval,
            int maxOutputBytes,
            int maxTailBytes,
            int maxBodySizeBytes) {
        public Settings {
            Objects.requireNonNull(serverName, "serverName");
            Objects.requireNonNull(jobs, "jobs");
            Objects.requireNonNull(heartbeatInterval, "heartbeatInterval");
        }

        /** The same for a term of a process that has run the jobs before. */
        Settings resuming() {
            return new Settings(
                    serverName, jobs.resuming(), heartbeatInterval, maxOutputBytes, maxTailBytes, maxBodySizeBytes);
        }
    }

    /**
     * What it works with.
     *
     * @param epoch of the term
     * @param holdsLease whether it may act; once that is not so, it stays so
     * @param schedule of the event loop that it belongs to
     * @param gateways which there are
     * @param writes fenced by the epoch
     * @param outputEnds what is stored of output
     * @param spill room for output that waits; closed by its owner
     */
    public record Setup(
            long epoch,
            Settings settings,
            BooleanSupplier holdsLease,
            Schedule schedule,
            Clock clock,
            Lines lines,
            Gateways gateways,
            ToldConfigs told,
            TermReads reads,
            TermWrites writes,
            OutputEnds outputEnds,
            Spill spill,
            Announcements announcements,
            JobMetrics metrics) {}

    public Term(Setup setup) {
        this.setup = setup;
        Settings settings = setup.settings();
        this.clock = setup.clock();
        this.schedule = new TermSchedule(setup.schedule(), setup.holdsLease());
        this.meter = new JobMeter(setup.metrics());
        this.nodes =
                new NodeDirectory(setup.epoch(), new TermLines(setup.lines(), schedule), schedule, setup.gateways());
        this.live = new LiveJobs(nodes::jobsOf);
        this.backlog = new StoreBacklog(schedule);
        this.writer = new StoreWriter(schedule, setup.writes(), clock, backlog, this);
        this.tails = new TailRoom(settings.maxTailBytes(), writer::waitingTailBytes);
        this.resultWriter = new ResultWriter(schedule, setup.writes(), clock, new TermSpill(setup.spill(), schedule));
        this.results = new ResultIntake(resultWriter, this);
        this.output = new OutputIntake(
                schedule, setup.writes(), setup.outputEnds(), settings.maxOutputBytes(), nodes, setup.announcements());
        this.events = new NodeEvents(live, nodes, reports, results, output, schedule, clock);
        this.facts = new FactIntake(
                nodes,
                schedule,
                setup.told(),
                Math.toIntExact(settings.heartbeatInterval().toMillis()),
                events);
        this.effects = new EffectRunner(
                settings.serverName(),
                settings.jobs(),
                nodes,
                new JobTimers(schedule),
                meter,
                live::isAtWorkForAnother,
                events::happened);
        this.starter = new JobStarter(
                writer,
                setup.reads(),
                new CommitLimits(nodes, settings.maxBodySizeBytes()),
                effects,
                live,
                schedule,
                clock);
        this.aborts = new Aborts(setup.reads()::find, schedule);
    }

    public long epoch() {
        return setup.epoch();
    }

    // ---- begin and end

    /** Makes the jobs of earlier terms live again, or crashes them; then gateways hear of the term. */
    public Future<Void> establish() {
        return new JobRecovery(
                        setup.settings().jobs(),
                        setup.settings().heartbeatInterval(),
                        setup.reads(),
                        setup.writes(),
                        schedule,
                        clock)
                .liveJobs()
                .map(jobs -> {
                    jobs.forEach(this::resume);
                    new JobRetention(
                                    schedule,
                                    setup.reads(),
                                    setup.writes()::deleteEnded,
                                    setup.settings().jobs().retention())
                            .start();
                    beat();
                    return null;
                });
    }

    private void resume(LiveJob job) {
        live.add(job);
        facts.watchResumed(watched(job));
        events.happened(job, new JobEvent.Resumed());
    }

    private void beat() {
        facts.beat();
        schedule.after(
                Math.min(
                        LONGEST_BEAT_MILLIS,
                        setup.settings().heartbeatInterval().toMillis()),
                this::beat);
    }

    /** Takes no more requests and waits until what happened so far is stored, 4 s at most. The live jobs stay live. */
    public Future<Void> drain() {
        stopping = true;
        starter.stop();
        Promise<Void> drained = Promise.promise();
        Runnable cancel = schedule.after(STOP_TIMEOUT_MILLIS, drained::tryComplete);
        awaitIdle(drained);
        return drained.future().onComplete(_ -> cancel.run());
    }

    private void awaitIdle(Promise<Void> drained) {
        if (resultWriter.isIdle() && writer.isIdle()) {
            drained.tryComplete();
        } else {
            schedule.after(STOP_CHECK_MILLIS, () -> awaitIdle(drained));
        }
    }

    /** Nothing of the term acts any more. Those who wait for an answer hear what is certain. */
    public void revoke() {
        stopping = true;
        starter.stop();
        writer.close();
        aborts.close();
        schedule.end();
        meter.close();
    }

    // ---- what is known of it

    /** How many nodes cannot take part in jobs for that reason; not a number until they were counted. Usable from any thread. */
    public Number nodesDown(DownNodes.Reason reason) {
        return facts.down().count(reason).map(Number.class::cast).orElse(Double.NaN);
    }

    /** The ids of the jobs that have not ended. */
    public List<String> liveIds() {
        return live.ids();
    }

    /** Whether it takes no requests any more. */
    boolean isStopping() {
        return stopping;
    }

    /** The nodes, as this term knows them. */
    public NodeDirectory nodes() {
        return nodes;
    }

    /** How many jobs have something to store. From any thread. */
    public int waitingJobs() {
        return backlog.jobs();
    }

    /** Age of the oldest change of a job that is not stored. From any thread. */
    public Duration backlogAge() {
        return backlog.lag();
    }

    /** See {@link Jobs#storeLag}. */
    public Duration storeLag() {
        Duration stalled = resultWriter.stalled();
        Duration lag = backlog.lag();
        return lag.compareTo(stalled) < 0 ? stalled : lag;
    }

    /** Output of results that waits to be stored. */
    public long waitingResultBytes() {
        return resultWriter.waitingBytes();
    }

    /** Output of commands that run, which waits to be stored. */
    public long waitingOutputBytes() {
        return output.waitingBytes();
    }

    // ---- from the API

    /** See {@link Jobs#start}. */
    public Future<String> start(JobRequest request) {
        return starter.start(request);
    }

    /** See {@link Jobs#abort}. */
    public Future<JobStatus> abort(JobAbortRequest request) {
        Optional<LiveJob> found = live.find(request.jobId(), request.orgGuid());
        if (found.isEmpty()) {
            return aborts.notLive(request);
        }
        LiveJob job = found.get();
        JobStatus status = job.machine().status();
        if (job.isAborting()) {
            return aborts.join(job.id(), status);
        }
        if (status.isTerminal()) {
            return Aborts.ended(job.id(), status);
        }
        if (stopping) {
            return Future.failedFuture(ServerException.unavailable("the server is stopping"));
        }
        LOG.info("abort requested [job: {}, user: {}]", job.id(), request.requestor());
        Future<JobStatus> answer = aborts.await(job.id());
        events.happened(job, new JobEvent.AbortRequested(request.requestor()));
        return answer;
    }

    // ---- from the nodes

    /** A gateway has stated something. */
    public void arrived(Facts batch) {
        if (!schedule.isOver()) {
            facts.arrived(batch);
            acknowledgeSoon();
        }
    }

    @Override
    public void advance(LiveJob job, JobEvent event, ResultIntake.Arrival arrival) {
        if (job.apply(tails.admitted(job, event), arrival.at())) {
            arrival.report().ifPresent(job::owesTo);
            writer.changed(job);
        } else {
            pass(job, arrival);
        }
    }

    @Override
    public void pass(LiveJob job, ResultIntake.Arrival arrival) {
        arrival.report().ifPresent(report -> reports.settled(job, report));
    }

    @Override
    public void explain(LiveJob job, String node, String reason) {
        job.explainMissingOutput(node, reason);
    }

    /** What is settled in one moment is told at once. */
    private void acknowledgeSoon() {
        if (!acknowledgesSoon) {
            acknowledgesSoon = true;
            schedule.soon(() -> {
                acknowledgesSoon = false;
                reports.takeNews().forEach(nodes::acknowledge);
            });
        }
    }

    // ---- once it is stored

    @Override
    public void stored(LiveJob.Unsaved saved) {
        LiveJob job = saved.job();
        saved.created().ifPresent(_ -> {
            nodes.watch(watched(job));
            starter.created(job);
            meter.started();
        });
        meter.stored(saved.changes());
        saved.reports().forEach(report -> reports.settled(job, report));
        acknowledgeSoon();
        StoredEvents.of(saved.changes()).ifPresent(setup.announcements()::stored);
        saved.changes()
                .abort()
                .ifPresent(_ -> aborts.stored(job.id(), saved.changes().status().orElse(JobStatus.RUNNING)));
        saved.waiting().forEach(effect -> carryOut(job, effect));
        saved.created().ifPresent(_ -> events.reportUnavailable(job, facts::awaitIfExpected));
    }

    private void carryOut(LiveJob job, JobEffect effect) {
        if (effect instanceof JobEffect.End) {
            ended(job, job.machine().status());
            LOG.info(
                    "job ended [job: {}, status: {}]",
                    job.id(),
                    job.machine().status().label());
        } else {
            effects.carryOut(job, effect);
        }
    }

    private void ended(LiveJob job, JobStatus status) {
        effects.stop(job);
        live.remove(job);
        meter.ended(job.id(), status);
        nodes.unwatch(job.id());
    }

    private static Order.Watched watched(LiveJob job) {
        return new Order.Watched(job.id(), job.orgGuid(), job.terms().nodes());
    }

    @Override
    public void creationFailed(LiveJob job, ServerException answer) {
        live.remove(job);
        reports.forget(job);
        starter.failed(job, answer);
    }

    @Override
    public void unstorable(LiveJob job, Throwable cause) {
        LOG.error(
                "the database refuses what this job has to store, the server gives the job up [job: {}]",
                job.id(),
                cause);
        aborts.failed(job.id(), "the database refuses what this job has to store");
        results.forget(job);
        reports.forget(job);
        acknowledgeSoon();
        ended(job, JobStatus.CRASHED);
    }

    @Override
    public void crashed(JobChanges end) {
        StoredEvents.of(end).ifPresent(setup.announcements()::stored);
        LOG.info("job ended [job: {}, status: {}]", end.jobId(), JobStatus.CRASHED.label());
    }
}
