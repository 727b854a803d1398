package org.pushjobs.server.jobs;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.pushjobs.config.JobsConfig;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.ServerMessage;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.bus.LocalCodec;
import org.pushjobs.server.jobs.machine.JobEffect;
import org.pushjobs.server.jobs.machine.JobEvent;
import org.pushjobs.server.jobs.model.JobChanges;
import org.pushjobs.server.jobs.model.JobStatus;
import org.pushjobs.server.jobs.model.JobTerms;
import org.pushjobs.server.jobs.model.NewJob;
import org.pushjobs.server.jobs.model.StoredJob;
import org.pushjobs.server.metrics.ServerMetrics;
import org.pushjobs.server.nodes.CommitLimits;
import org.pushjobs.server.nodes.NodeCommand;
import org.pushjobs.server.nodes.NodeReport;
import org.pushjobs.server.nodes.NodeSessions;
import org.pushjobs.server.store.FencedWrites;
import org.pushjobs.server.store.JobStore;
import org.pushjobs.server.store.OutputStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs all live jobs: feeds their machines with what nodes and timers do, stores what they decide and then carries it out
 * (architecture.md; lifecycle.md). All state belongs to one event loop. Once it is deployed, the jobs of an earlier life of
 * the server are live again, or crashed, as {@code job_recovery} says.
 */
public final class Coordinator extends VerticleBase implements StoreWriter.Listener, ResultIntake.Sink {
    static final String STARTS = "pushjobs.jobs.starts";
    static final String ABORTS = "pushjobs.jobs.aborts";
    static final String LIVE_IDS = "pushjobs.jobs.live-ids";
    static final String STORE_LAG = "pushjobs.jobs.store-lag";

    private static final Logger LOG = LoggerFactory.getLogger(Coordinator.class);
    /** A resumed run lasts at least as long as nodes may take to come back. */
    private static final int MIN_RESUMED_RUN_INTERVALS = 10;

    /** Below the 10 s after which a caller on the event bus gives up, and tells nobody why. */
    static final long ANSWER_MILLIS = 8_000;

    private static final long STOP_TIMEOUT_MILLIS = 4_000;
    private static final long STOP_CHECK_MILLIS = 20;

    private final Settings settings;
    private final JobStore store;
    private final FencedWrites writes;
    private final Clock clock;
    private final ServerMetrics metrics;
    private final JobMeter meter;
    private final Map<String, LiveJob> live = new HashMap<>();
    private final Map<String, Promise<String>> awaitingCreation = new HashMap<>();
    private final OutputStore outputs;
    private CommitLimits commitLimits;
    private IdempotentStarts idempotentStarts;
    private Aborts aborts;
    private Schedule schedule;
    private OutputIntake intake;
    private FileSpill spill;
    private ResultWriter resultWriter;
    private ResultIntake results;
    private StoreWriter writer;
    private JobTimers timers;
    private boolean stopping;

    /**
     * What it needs to know of the server.
     *
     * @param serverName as commits carry it
     * @param maxOutputBytes the most that is stored of each channel of a command while it runs; 0 for nothing
     * @param maxBodySizeBytes largest message that every agent takes
     */
    public record Settings(
            String serverName, JobsConfig jobs, Duration heartbeatInterval, int maxOutputBytes, int maxBodySizeBytes) {
        public Settings {
            Objects.requireNonNull(serverName, "serverName");
            Objects.requireNonNull(jobs, "jobs");
            Objects.requireNonNull(heartbeatInterval, "heartbeatInterval");
        }
    }

    /** @param writes of the term that begins with this coordinator */
    public Coordinator(
            Settings settings,
            JobStore store,
            OutputStore outputs,
            FencedWrites writes,
            ServerMetrics metrics,
            Clock clock) {
        this.settings = Objects.requireNonNull(settings, "settings");
        this.store = Objects.requireNonNull(store, "store");
        this.outputs = Objects.requireNonNull(outputs, "outputs");
        this.writes = Objects.requireNonNull(writes, "writes");
        this.metrics = Objects.requireNonNull(metrics, "metrics");
        this.meter = new JobMeter(metrics.jobs());
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    @Override
    public Future<?> start() {
        commitLimits = new CommitLimits(vertx.eventBus(), settings.maxBodySizeBytes());
        StoreBacklog backlog = new StoreBacklog();
        metrics.watchQueue("store", backlog::jobs);
        metrics.watch(
                "pushjobs.store.lag",
                "age of the oldest change of a job that is not stored",
                () -> backlog.lag().toNanos() / 1e9);
        schedule = Schedule.of(vertx);
        writer = new StoreWriter(schedule, writes, clock, backlog, this);
        idempotentStarts = new IdempotentStarts(store, schedule, writer::isToBeDiscarded);
        aborts = new Aborts(store::find, schedule);
        spill = new FileSpill(vertx);
        resultWriter = new ResultWriter(schedule, writes, clock, spill);
        results = new ResultIntake(resultWriter, this);
        metrics.watchQueue("result_bytes", resultWriter::waitingBytes);
        intake = new OutputIntake(vertx, outputs, writes, settings.maxOutputBytes());
        metrics.watchQueue("output_bytes", intake::waitingBytes);
        timers = new JobTimers(vertx);
        return recover().onSuccess(_ -> {
            vertx.eventBus().<NodeReport>localConsumer(NodeSessions.REPORTS, message -> handle(message.body()));
            vertx.eventBus().<JobRequest>localConsumer(STARTS, this::startJob);
            vertx.eventBus().<JobAbortRequest>localConsumer(ABORTS, this::abortJob);
            vertx.eventBus()
                    .<Object>localConsumer(
                            LIVE_IDS, message -> message.reply(List.copyOf(live.keySet()), LocalCodec.options()));
            vertx.eventBus()
                    .<Object>localConsumer(
                            STORE_LAG,
                            message ->
                                    message.reply(longer(backlog.lag(), resultWriter.stalled()), LocalCodec.options()));
            new JobRetention(vertx, store, writes::deleteEnded, settings.jobs().retention()).start();
        });
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? other : one;
    }

    /** Waits until what happened so far is stored, 4 s at most. The live jobs stay live and are resumed at the next start. */
    @Override
    public Future<?> stop() {
        stopping = true;
        Promise<Void> stopped = Promise.promise();
        long deadline = vertx.setTimer(STOP_TIMEOUT_MILLIS, _ -> stopped.tryComplete());
        vertx.setPeriodic(STOP_CHECK_MILLIS, _ -> {
            if (resultWriter.isIdle() && writer.isIdle()) {
                stopped.tryComplete();
            }
        });
        return stopped.future().onComplete(_ -> {
            vertx.cancelTimer(deadline);
            writer.close();
            spill.close();
        });
    }

    // ---- start of the server

    private Future<Void> recover() {
        return switch (settings.jobs().recovery()) {
            case CRASH ->
                writes.crashLive(clock.instant())
                        .onSuccess(count -> LOG.info("live jobs of the last run are crashed [jobs: {}]", count))
                        .mapEmpty();
            case RESUME ->
                store.now()
                        .compose(now -> store.live()
                                .compose(jobs -> store.newestEvents()
                                        .onSuccess(newest -> jobs.forEach(job ->
                                                resume(job, newest.getOrDefault(job.id(), Instant.EPOCH), now)))))
                        .mapEmpty();
        };
    }

    /** @param now by the database's clock: this server's may be another one than that of its last life */
    private void resume(StoredJob stored, Instant newestEvent, Instant now) {
        LiveJob job = LiveJob.restore(stored, newestEvent, remainingRunTime(stored, now));
        live.put(job.id(), job);
        LOG.info(
                "job resumed [job: {}, status: {}, nodes: {}]",
                job.id(),
                stored.status().label(),
                stored.nodes().size());
        tell(new NodeCommand.WatchResumed(job.id(), job.orgGuid(), job.terms().nodes()));
        happened(job, new JobEvent.Resumed());
    }

    private Duration remainingRunTime(StoredJob stored, Instant now) {
        Duration whole = Duration.ofSeconds(stored.terms().runTimeoutSeconds());
        if (stored.status() != JobStatus.RUNNING) {
            return whole;
        }
        Duration remaining = whole.minus(Duration.between(stored.updatedAt(), now));
        Duration least = settings.heartbeatInterval().multipliedBy(MIN_RESUMED_RUN_INTERVALS);
        return remaining.compareTo(least) < 0 ? least : remaining;
    }

    // ---- from the API

    private void startJob(Message<JobRequest> message) {
        JobRequest request = message.body();
        if (stopping) {
            message.fail(503, "the server is stopping");
            return;
        }
        long answerBy = schedule.nanos() + TimeUnit.MILLISECONDS.toNanos(ANSWER_MILLIS);
        request.key()
                .map(key -> idempotentStarts.start(request, key, answerBy, () -> create(request, answerBy)))
                .orElseGet(() -> create(request, answerBy))
                .onSuccess(id -> message.reply(id, LocalCodec.options()))
                .onFailure(failure -> Refusal.reply(message, failure));
    }

    /** Succeeds with the id once the job is stored. */
    private Future<String> create(JobRequest request, long answerByNanos) {
        NewJob facts;
        try {
            facts = request.newJob(clock.instant());
        } catch (ServerException e) {
            return Future.failedFuture(e);
        }
        return commitLimits
                .refusing(facts.orgGuid(), facts.terms().nodes(), commit(facts.id(), facts.terms()))
                .compose(refusing -> refusing.isEmpty()
                        ? create(facts, answerByNanos)
                        : Future.failedFuture(NotCreated.tooLarge(refusing)));
    }

    private Future<String> create(NewJob facts, long answerByNanos) {
        if (stopping) {
            return Future.failedFuture(NotCreated.forNow("the server is stopping"));
        }
        if (!writer.hasRoomFor(facts)) {
            return Future.failedFuture(NotCreated.forNow("too many jobs wait for the database"));
        }
        LiveJob job = LiveJob.create(facts);
        live.put(job.id(), job);
        Promise<String> created = Promise.promise();
        awaitingCreation.put(job.id(), created);
        job.apply(new JobEvent.Started(), clock.instant());
        writer.create(job, answerByNanos);
        return created.future();
    }

    private void abortJob(Message<JobAbortRequest> message) {
        JobAbortRequest request = message.body();
        LiveJob job = live.get(request.jobId());
        abort(request, Optional.ofNullable(job).filter(found -> found.orgGuid().equals(request.orgGuid())))
                .onSuccess(status -> message.reply(status, LocalCodec.options()))
                .onFailure(failure -> Refusal.reply(message, failure));
    }

    private Future<JobStatus> abort(JobAbortRequest request, Optional<LiveJob> found) {
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
        happened(job, new JobEvent.AbortRequested(request.requestor()));
        return answer;
    }

    // ---- from the nodes

    private void handle(NodeReport report) {
        LiveJob job = live.get(report.jobId());
        if (job == null) {
            return;
        }
        if (report instanceof NodeReport.Said(String _, String node, AgentMessage.OutputChunk chunk)) {
            intake.arrived(job, node, chunk);
        } else {
            Reported.event(report).ifPresent(event -> happened(job, event));
        }
    }

    private void happened(LiveJob job, JobEvent event) {
        results.arrived(job, event, clock.instant());
    }

    @Override
    public void advance(LiveJob job, JobEvent event, Instant at) {
        if (job.apply(event, at)) {
            writer.changed(job);
        }
    }

    @Override
    public void explain(LiveJob job, String node, String reason) {
        job.explainMissingOutput(node, reason);
    }

    // ---- once it is stored

    @Override
    public void stored(LiveJob.Unsaved saved) {
        LiveJob job = saved.job();
        saved.created().ifPresent(_ -> {
            tell(new NodeCommand.Watch(job.id(), job.orgGuid(), job.terms().nodes()));
            awaitingCreation.remove(job.id()).complete(job.id());
            meter.started();
            LOG.info(
                    "job started [job: {}, org: {}, user: {}, nodes: {}, quorum: {}]",
                    job.id(),
                    job.orgGuid(),
                    job.requestor(),
                    job.terms().nodes().size(),
                    job.terms().quorum());
        });
        StoredEvents.of(saved.changes()).ifPresent(events -> events.publish(vertx.eventBus()));
        saved.changes()
                .abort()
                .ifPresent(_ -> aborts.stored(job.id(), saved.changes().status().orElse(JobStatus.RUNNING)));
        saved.waiting().forEach(effect -> carryOut(job, effect));
    }

    private void carryOut(LiveJob job, JobEffect effect) {
        switch (effect) {
            case JobEffect.SendCommit(List<String> nodes) -> send(job, nodes, commit(job.id(), job.terms()));
            case JobEffect.SendRun(List<String> nodes) -> send(job, nodes, new ServerMessage.Run(job.id()));
            case JobEffect.SendAbort(List<String> nodes) -> send(job, nodes, new ServerMessage.Abort());
            case JobEffect.AckResult(String node) -> send(job, List.of(node), new ServerMessage.AckResult(job.id()));
            case JobEffect.Rehabilitate(String node) ->
                tell(new NodeCommand.Rehabilitate(job.orgGuid(), List.of(node)));
            case JobEffect.StartVotingTimer _ -> {
                meter.votes(job.id());
                startTimer(job, settings.jobs().votingTimeout(), new JobEvent.VotingTimeout());
            }
            case JobEffect.StartRunTimer _ -> {
                meter.runs(job.id());
                startTimer(job, job.runTime(), new JobEvent.RunTimeout());
            }
            case JobEffect.StartAbortTimer _ ->
                startTimer(job, settings.jobs().abortGrace(), new JobEvent.AbortTimeout());
            case JobEffect.End _ -> end(job);
            case JobEffect.Durable _ -> throw new IllegalStateException(effect + " is stored, not carried out");
        }
    }

    private ServerMessage.Commit commit(String jobId, JobTerms terms) {
        return new ServerMessage.Commit(
                jobId, settings.serverName(), terms.spec(), OptionalInt.of(terms.runTimeoutSeconds()));
    }

    private void send(LiveJob job, List<String> nodes, ServerMessage message) {
        tell(new NodeCommand.Send(job.orgGuid(), nodes, message));
    }

    private void tell(NodeCommand command) {
        vertx.eventBus().send(NodeSessions.COMMANDS, command, LocalCodec.options());
    }

    private void startTimer(LiveJob job, Duration delay, JobEvent event) {
        timers.start(job.id(), delay, () -> happened(job, event));
    }

    private void end(LiveJob job) {
        timers.cancel(job.id());
        live.remove(job.id());
        meter.ended(job.id(), job.machine().status());
        tell(new NodeCommand.Unwatch(job.id()));
        LOG.info(
                "job ended [job: {}, status: {}]",
                job.id(),
                job.machine().status().label());
    }

    @Override
    public void creationFailed(LiveJob job, ServerException answer) {
        live.remove(job.id());
        LOG.warn("a client got no job [job: {}, answer: {}]", job.id(), answer.getMessage());
        awaitingCreation.remove(job.id()).fail(answer);
    }

    @Override
    public void unstorable(LiveJob job, Throwable cause) {
        LOG.error(
                "the database refuses what this job has to store, the server gives the job up [job: {}]",
                job.id(),
                cause);
        aborts.failed(job.id(), "the database refuses what this job has to store");
        results.forget(job);
        timers.cancel(job.id());
        live.remove(job.id());
        meter.ended(job.id(), JobStatus.CRASHED);
        tell(new NodeCommand.Unwatch(job.id()));
    }

    @Override
    public void crashed(JobChanges end) {
        StoredEvents.of(end).ifPresent(events -> events.publish(vertx.eventBus()));
        LOG.info("job ended [job: {}, status: {}]", end.jobId(), JobStatus.CRASHED.label());
    }
}
