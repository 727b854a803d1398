package org.pushjobs.server.jobs;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.ServerMessage;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.bus.LocalCodec;
import org.pushjobs.server.config.ServerConfig.JobRecovery;
import org.pushjobs.server.metrics.ServerMetrics;
import org.pushjobs.server.nodes.NodeCommand;
import org.pushjobs.server.nodes.NodeReport;
import org.pushjobs.server.nodes.NodeSessions;
import org.pushjobs.server.store.JobStatus;
import org.pushjobs.server.store.JobStore;
import org.pushjobs.server.store.NewJob;
import org.pushjobs.server.store.StoredJob;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs all live jobs: feeds their machines with what nodes and timers do, stores what they decide and then carries it out
 * (architecture.md; lifecycle.md). All state belongs to one event loop. Once it is deployed, the jobs of an earlier life of
 * the server are live again, or crashed, as {@code job_recovery} says.
 */
public final class Coordinator extends VerticleBase implements StoreWriter.Listener {
    static final String STARTS = "pushjobs.jobs.starts";
    static final String LIVE_IDS = "pushjobs.jobs.live-ids";

    private static final Logger LOG = LoggerFactory.getLogger(Coordinator.class);
    /** A resumed run lasts at least as long as nodes may take to come back. */
    private static final int MIN_RESUMED_RUN_INTERVALS = 10;

    private static final long STOP_TIMEOUT_MILLIS = 4_000;
    private static final long STOP_CHECK_MILLIS = 20;

    private final Settings settings;
    private final JobStore store;
    private final Clock clock;
    private final ServerMetrics metrics;
    private final JobMeter meter;
    private final Map<String, LiveJob> live = new HashMap<>();
    private final Map<String, Long> timers = new HashMap<>();
    private final Map<String, Message<JobRequest>> awaitingCreation = new HashMap<>();
    private StoreWriter writer;
    private boolean stopping;

    /**
     * See {@link org.pushjobs.server.config.ServerConfig} for the meaning of each.
     *
     * @param serverName as commits carry it
     */
    public record Settings(
            String serverName, Duration votingTimeout, Duration heartbeatInterval, JobRecovery jobRecovery) {
        public Settings {
            Objects.requireNonNull(serverName, "serverName");
            Objects.requireNonNull(votingTimeout, "votingTimeout");
            Objects.requireNonNull(heartbeatInterval, "heartbeatInterval");
            Objects.requireNonNull(jobRecovery, "jobRecovery");
        }
    }

    public Coordinator(Settings settings, JobStore store, ServerMetrics metrics, Clock clock) {
        this.settings = Objects.requireNonNull(settings, "settings");
        this.store = Objects.requireNonNull(store, "store");
        this.metrics = Objects.requireNonNull(metrics, "metrics");
        this.meter = new JobMeter(metrics.jobs());
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    @Override
    public Future<?> start() {
        StoreBacklog backlog = new StoreBacklog();
        metrics.watchQueue("store", backlog::jobs);
        metrics.watch(
                "pushjobs.store.lag", "age of the oldest change of a job that is not stored", backlog::lagSeconds);
        writer = new StoreWriter(vertx, store, clock, backlog, this);
        return recover().onSuccess(_ -> {
            vertx.eventBus().<NodeReport>localConsumer(NodeSessions.REPORTS, message -> handle(message.body()));
            vertx.eventBus().<JobRequest>localConsumer(STARTS, this::startJob);
            vertx.eventBus()
                    .<Object>localConsumer(
                            LIVE_IDS, message -> message.reply(List.copyOf(live.keySet()), LocalCodec.options()));
        });
    }

    /** Waits until what happened so far is stored, 4 s at most. The live jobs stay live and are resumed at the next start. */
    @Override
    public Future<?> stop() {
        stopping = true;
        Promise<Void> stopped = Promise.promise();
        long deadline = vertx.setTimer(STOP_TIMEOUT_MILLIS, _ -> stopped.tryComplete());
        vertx.setPeriodic(STOP_CHECK_MILLIS, _ -> {
            if (writer.isIdle()) {
                stopped.tryComplete();
            }
        });
        return stopped.future().onComplete(_ -> vertx.cancelTimer(deadline));
    }

    // ---- start of the server

    private Future<Void> recover() {
        return switch (settings.jobRecovery()) {
            case CRASH ->
                store.crashLive(clock.instant())
                        .onSuccess(count -> LOG.info("live jobs of the last run are crashed [jobs: {}]", count))
                        .mapEmpty();
            case RESUME ->
                store.live().onSuccess(jobs -> jobs.forEach(this::resume)).mapEmpty();
        };
    }

    private void resume(StoredJob stored) {
        LiveJob job = LiveJob.restore(stored, remainingRunTime(stored));
        live.put(job.id(), job);
        LOG.info(
                "job resumed [job: {}, status: {}, nodes: {}]",
                job.id(),
                stored.status().label(),
                stored.nodes().size());
        tell(new NodeCommand.WatchResumed(job.id(), job.orgGuid(), job.nodeNames()));
        advance(job, new JobEvent.Resumed());
    }

    private Duration remainingRunTime(StoredJob stored) {
        Duration whole = Duration.ofSeconds(stored.runTimeoutSeconds());
        if (stored.status() != JobStatus.RUNNING) {
            return whole;
        }
        Duration remaining = whole.minus(Duration.between(stored.updatedAt(), clock.instant()));
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
        NewJob facts;
        try {
            facts = newJob(request);
        } catch (ServerException e) {
            message.fail(e.status(), e.getMessage());
            return;
        }
        LiveJob job = LiveJob.create(facts);
        live.put(job.id(), job);
        awaitingCreation.put(job.id(), message);
        advance(job, new JobEvent.Started());
    }

    private NewJob newJob(JobRequest request) {
        return new NewJob(
                JobId.next(request.orgGuid()),
                request.orgGuid(),
                request.requestor(),
                request.spec(),
                request.nodes(),
                request.quorum(),
                request.runTimeoutSeconds(),
                clock.instant());
    }

    // ---- from the nodes

    private void handle(NodeReport report) {
        LiveJob job = live.get(report.jobId());
        if (job == null) {
            return;
        }
        String node = report.node();
        switch (report) {
            case NodeReport.Down _ -> advance(job, new JobEvent.Down(node));
            case NodeReport.Idle _ -> advance(job, new JobEvent.ReportsIdle(node));
            case NodeReport.Said(String _, String _, AgentMessage message) -> {
                switch (message) {
                    case AgentMessage.Heartbeat heartbeat -> heartbeat(job, node, heartbeat);
                    case AgentMessage.AckCommit _ -> advance(job, new JobEvent.AckCommit(node));
                    case AgentMessage.NackCommit _ -> advance(job, new JobEvent.NackCommit(node));
                    case AgentMessage.AckRun _ -> advance(job, new JobEvent.AckRun(node));
                    case AgentMessage.NackRun _ -> advance(job, new JobEvent.NackRun(node));
                    case AgentMessage.Succeeded succeeded ->
                        advance(job, new JobEvent.Succeeded(node, succeeded.output()));
                    case AgentMessage.Failed failed -> advance(job, new JobEvent.Failed(node, failed.output()));
                    case AgentMessage.Aborted _ -> advance(job, new JobEvent.Aborted(node));
                }
            }
        }
    }

    private void heartbeat(LiveJob job, String node, AgentMessage.Heartbeat heartbeat) {
        switch (heartbeat.jobState()) {
            case COMMITTED -> advance(job, new JobEvent.ReportsCommitted(node));
            case RUNNING -> advance(job, new JobEvent.ReportsRunning(node));
            case IDLE -> LOG.debug("an idle node names a job [job: {}, node: {}]", job.id(), node);
        }
    }

    private void advance(LiveJob job, JobEvent event) {
        if (job.apply(event, clock.instant())) {
            writer.changed(job);
        }
    }

    // ---- once it is stored

    @Override
    public void stored(LiveJob.Unsaved saved) {
        LiveJob job = saved.job();
        saved.created().ifPresent(_ -> {
            tell(new NodeCommand.Watch(job.id(), job.orgGuid(), job.nodeNames()));
            awaitingCreation.remove(job.id()).reply(job.id(), LocalCodec.options());
            meter.started();
            LOG.info(
                    "job started [job: {}, org: {}, user: {}, nodes: {}, quorum: {}]",
                    job.id(),
                    job.orgGuid(),
                    job.requestor(),
                    job.nodeNames().size(),
                    job.quorum());
        });
        saved.waiting().forEach(effect -> carryOut(job, effect));
    }

    private void carryOut(LiveJob job, JobEffect effect) {
        switch (effect) {
            case JobEffect.SendCommit(List<String> nodes) ->
                send(job, nodes, new ServerMessage.Commit(job.id(), settings.serverName(), job.spec()));
            case JobEffect.SendRun(List<String> nodes) -> send(job, nodes, new ServerMessage.Run(job.id()));
            case JobEffect.SendAbort(List<String> nodes) -> send(job, nodes, new ServerMessage.Abort());
            case JobEffect.Rehabilitate(String node) ->
                tell(new NodeCommand.Rehabilitate(job.orgGuid(), List.of(node)));
            case JobEffect.StartVotingTimer _ -> {
                meter.votes(job.id());
                startTimer(job, settings.votingTimeout(), new JobEvent.VotingTimeout());
            }
            case JobEffect.StartRunTimer _ -> {
                meter.runs(job.id());
                startTimer(job, job.runTime(), new JobEvent.RunTimeout());
            }
            case JobEffect.End _ -> end(job);
            case JobEffect.Durable _ -> throw new IllegalStateException(effect + " is stored, not carried out");
        }
    }

    private void send(LiveJob job, List<String> nodes, ServerMessage message) {
        tell(new NodeCommand.Send(job.orgGuid(), nodes, message));
    }

    private void tell(NodeCommand command) {
        vertx.eventBus().send(NodeSessions.COMMANDS, command, LocalCodec.options());
    }

    private void startTimer(LiveJob job, Duration delay, JobEvent event) {
        cancelTimer(job);
        timers.put(job.id(), vertx.setTimer(Math.max(1, delay.toMillis()), _ -> {
            timers.remove(job.id());
            advance(job, event);
        }));
    }

    private void cancelTimer(LiveJob job) {
        Long timer = timers.remove(job.id());
        if (timer != null) {
            vertx.cancelTimer(timer);
        }
    }

    private void end(LiveJob job) {
        cancelTimer(job);
        live.remove(job.id());
        meter.ended(job.id(), job.machine().status());
        tell(new NodeCommand.Unwatch(job.id()));
        LOG.info(
                "job ended [job: {}, status: {}]",
                job.id(),
                job.machine().status().label());
    }

    @Override
    public void creationFailed(LiveJob job, Throwable cause) {
        live.remove(job.id());
        LOG.warn("job not started, it could not be stored [job: {}, error: {}]", job.id(), cause.getMessage());
        Message<JobRequest> request = awaitingCreation.remove(job.id());
        if (StoreWriter.isTemporary(cause)) {
            request.fail(503, "the job was not started: the database does not answer; try again later");
        } else {
            request.fail(500, "the job was not started: the database refused it: " + cause.getMessage());
        }
    }

    @Override
    public void unstorable(LiveJob job, Throwable cause) {
        LOG.error(
                "the database refuses what this job has to store, the server gives the job up [job: {}]",
                job.id(),
                cause);
        end(job);
    }
}
