package org.pushjobs.server.jobs;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.sqlclient.Pool;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.pushjobs.protocol.message.JobSpec;
import org.pushjobs.protocol.message.Output;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.jobs.machine.JobEffect;
import org.pushjobs.server.jobs.machine.JobEvent;
import org.pushjobs.server.jobs.model.Channel;
import org.pushjobs.server.jobs.model.JobChanges;
import org.pushjobs.server.jobs.model.JobStatus;
import org.pushjobs.server.jobs.model.JobTerms;
import org.pushjobs.server.jobs.model.NewJob;
import org.pushjobs.server.jobs.model.NodeStatus;
import org.pushjobs.server.jobs.model.OutputKey;
import org.pushjobs.server.jobs.model.OutputPart;
import org.pushjobs.server.jobs.model.StoredJob;
import org.pushjobs.server.store.Database;
import org.pushjobs.server.store.FencedWrites;
import org.pushjobs.server.store.JobStore;
import org.pushjobs.server.store.JobWrites;
import org.pushjobs.server.store.OutputStore;
import org.pushjobs.server.store.StaleEpochException;

/**
 * A term with the writers of the coordinator, and nodes that do the next thing as soon as the last one is stored, so that it
 * writes as fast as it can. It goes on with the live jobs of the term before, and starts jobs so that there are always some. It
 * does not know that its time is over until the database says so.
 */
final class WritingTerm extends VerticleBase implements StoreWriter.Listener, ResultIntake.Sink, OutputWriter.Listener {
    private static final String ORG = "0123456789abcdef0123456789abcdef";
    private static final int LIVE = 8;
    private static final List<String> NODES = List.of("node-0", "node-1", "node-2", "node-3");
    private static final int PART_BYTES = 20;
    private static final Duration RUN_TIME = Duration.ofHours(1);

    private final JobStore store;
    private final OutputStore outputs;
    private final Pool connections;
    private final FencedWrites writes;
    private final TermHistory history;
    private final Clock clock = Clock.systemUTC();
    private final Random random;
    private final Map<String, LiveJob> live = new HashMap<>();
    /** Job and node: an agent says its result once to each server. */
    private final Set<String> told = new HashSet<>();

    private final AtomicLong saves = new AtomicLong();
    private Schedule schedule;
    private StoreWriter writer;
    private OutputWriter outputWriter;
    private ResultIntake results;
    private FileSpill spill;
    private volatile boolean over;
    private volatile boolean ending;
    private volatile boolean done;

    /** Notices that the time is over. */
    private final class Noticing implements JobWrites {
        @Override
        public Future<Void> save(List<NewJob> created, List<JobChanges> changes) {
            return notice(writes.save(created, changes).onSuccess(_ -> saves.incrementAndGet()));
        }

        @Override
        public Future<Void> discard(List<String> jobIds, Instant now) {
            return notice(writes.discard(jobIds, now));
        }

        private Future<Void> notice(Future<Void> written) {
            return written.onFailure(cause -> over |= cause instanceof StaleEpochException);
        }
    }

    WritingTerm(Database database, Pool connections, long epoch, TermHistory history) {
        this.store = new JobStore(database.pool());
        this.outputs = new OutputStore(database.pool(), database.writes());
        this.connections = connections;
        this.writes = new FencedWrites(connections, epoch);
        this.history = history;
        this.random = new Random(epoch);
    }

    static OutputKey key(String jobId, String node) {
        return new OutputKey(jobId, node, Channel.STDOUT);
    }

    /** What a node writes from this position on. */
    static byte[] output(long position, int length) {
        byte[] data = new byte[length];
        for (int n = 0; n < length; n++) {
            data[n] = (byte) (position + n);
        }
        return data;
    }

    /** Whether it knows that another term writes. */
    boolean isOver() {
        return over;
    }

    long saves() {
        return saves.get();
    }

    /** No more jobs are started. */
    void end() {
        ending = true;
    }

    /** Whether the jobs have ended since. */
    boolean isDone() {
        return done;
    }

    @Override
    public Future<?> start() {
        schedule = Schedule.of(vertx);
        writer = new StoreWriter(schedule, new Noticing(), clock, new StoreBacklog(), this);
        outputWriter = new OutputWriter(outputs, writes, Integer.MAX_VALUE, this);
        spill = new FileSpill(vertx);
        results = new ResultIntake(new ResultWriter(schedule, new Noticing(), clock, spill), this);
        return store.live()
                .compose(jobs -> store.newestEvents().onSuccess(newest -> jobs.forEach(job -> resume(job, newest))))
                .onSuccess(_ -> startJobs());
    }

    @Override
    public Future<?> stop() {
        spill.close();
        return connections.close();
    }

    private void resume(StoredJob stored, Map<String, Instant> newest) {
        LiveJob job = LiveJob.restore(stored, newest.getOrDefault(stored.id(), Instant.EPOCH), RUN_TIME);
        live.put(job.id(), job);
        results.arrived(job, new JobEvent.Resumed(), clock.instant());
        goOn(job);
        sendOutput(job);
    }

    private void startJobs() {
        while (!over && !ending && live.size() < LIVE) {
            JobSpec spec =
                    new JobSpec("true", Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), true);
            JobTerms terms = new JobTerms(spec, NODES, NODES.size(), (int) RUN_TIME.toSeconds());
            LiveJob job = LiveJob.create(new NewJob(JobId.next(ORG), ORG, "alice", terms, clock.instant()));
            live.put(job.id(), job);
            job.apply(new JobEvent.Started(), clock.instant());
            writer.create(job, schedule.nanos() + TimeUnit.SECONDS.toNanos(60));
        }
        done |= ending && live.isEmpty();
    }

    /** One or two of the nodes do what comes next. */
    private void goOn(LiveJob job) {
        if (over) {
            return;
        }
        List<String> nodes = new ArrayList<>(NODES);
        Collections.shuffle(nodes, random);
        int left = 1 + random.nextInt(2);
        for (String node : nodes) {
            Optional<JobEvent> event = left == 0 ? Optional.empty() : next(job, node);
            event.ifPresent(happened -> results.arrived(job, happened, clock.instant()));
            left -= event.isPresent() ? 1 : 0;
        }
    }

    private Optional<JobEvent> next(LiveJob job, String node) {
        boolean voting = job.machine().status() == JobStatus.VOTING;
        NodeStatus status = job.machine().nodes().get(node);
        if (voting) {
            return status == NodeStatus.NEW ? Optional.of(new JobEvent.AckCommit(node)) : Optional.empty();
        }
        if (status == NodeStatus.READY) {
            return Optional.of(new JobEvent.AckRun(node));
        }
        return status == NodeStatus.RUNNING && told.add(job.id() + node)
                ? Optional.of(new JobEvent.Succeeded(node, Optional.of(new Output("of " + node, ""))))
                : Optional.empty();
    }

    private void sendOutput(LiveJob job) {
        OutputKey key = key(job.id(), NODES.getFirst());
        if (!over && live.containsKey(job.id())) {
            long position = history.outputEnd(key);
            outputWriter.arrived(
                    job, new OutputPart(job.id(), key.node(), key.channel(), position, output(position, PART_BYTES)));
        }
    }

    // ---- what the writers tell

    @Override
    public void advance(LiveJob job, JobEvent event, Instant at) {
        if (job.apply(event, at)) {
            writer.changed(job);
        }
    }

    @Override
    public void explain(LiveJob job, String node, String reason) {
        history.fault("an output was dropped: " + reason);
    }

    @Override
    public void stored(LiveJob.Unsaved saved) {
        history.stored(saved);
        LiveJob job = saved.job();
        if (saved.waiting().stream().anyMatch(JobEffect.End.class::isInstance)) {
            live.remove(job.id());
            startJobs();
            return;
        }
        goOn(job);
        if (saved.created().isPresent()) {
            sendOutput(job);
        }
    }

    @Override
    public void creationFailed(LiveJob job, ServerException answer) {
        live.remove(job.id());
        if (answer.getMessage().startsWith("the job was not started")) {
            history.notStarted(job.id());
        }
        startJobs();
    }

    @Override
    public void unstorable(LiveJob job, Throwable cause) {
        history.fault("a job was given up: " + cause);
    }

    @Override
    public void crashed(JobChanges end) {
        history.fault("a job was crashed: " + end.jobId());
    }

    @Override
    public void stored(LiveJob job, OutputKey key, long end) {
        history.output(key, end);
        sendOutput(job);
    }

    @Override
    public void enough(LiveJob job, OutputKey key, long end) {
        history.fault("output was refused: " + key);
    }

    @Override
    public void announced(LiveJob job, Set<OutputKey> keys) {
        // nobody follows
    }
}
