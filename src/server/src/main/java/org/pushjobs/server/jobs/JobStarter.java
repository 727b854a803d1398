package org.pushjobs.server.jobs;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.jobs.machine.JobEvent;
import org.pushjobs.server.jobs.model.JobTerms;
import org.pushjobs.server.jobs.model.NewJob;
import org.pushjobs.server.nodes.TooLarge;
import org.pushjobs.server.store.TermReads;
import org.pushjobs.server.time.Schedule;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes jobs of requests, and answers once they are stored, or why they are not. Every answer comes within about
 * {@value #ANSWER_MILLIS} ms. Belongs to the term's event loop.
 */
final class JobStarter {
    /** Below the 10 s after which a caller on the event bus gives up, and tells nobody why. */
    static final long ANSWER_MILLIS = 8_000;

    private static final Logger LOG = LoggerFactory.getLogger(JobStarter.class);

    private final StoreWriter writer;
    private final IdempotentStarts idempotentStarts;
    private final CommitLimits limits;
    private final EffectRunner effects;
    private final LiveJobs live;
    private final Schedule schedule;
    private final Clock clock;
    private final Map<String, Awaiting> awaiting = new HashMap<>();
    private boolean stopping;

    /** Somebody who waits for a job to be stored. */
    private record Awaiting(JobRequest request, Promise<String> created) {}

    JobStarter(
            StoreWriter writer,
            TermReads reads,
            CommitLimits limits,
            EffectRunner effects,
            LiveJobs live,
            Schedule schedule,
            Clock clock) {
        this.writer = Objects.requireNonNull(writer, "writer");
        this.idempotentStarts = new IdempotentStarts(reads, schedule, writer::isToBeDiscarded);
        this.limits = Objects.requireNonNull(limits, "limits");
        this.effects = Objects.requireNonNull(effects, "effects");
        this.live = Objects.requireNonNull(live, "live");
        this.schedule = Objects.requireNonNull(schedule, "schedule");
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    /** From now on no job is made. */
    void stop() {
        stopping = true;
    }

    /** Succeeds with the job's id once it is stored. */
    Future<String> start(JobRequest request) {
        if (stopping) {
            return Future.failedFuture(NotCreated.forNow("the server is stopping"));
        }
        long answerBy = schedule.nanos() + TimeUnit.MILLISECONDS.toNanos(ANSWER_MILLIS);
        return request.key()
                .map(key -> idempotentStarts.start(request, key, answerBy, () -> create(request, answerBy)))
                .orElseGet(() -> create(request, answerBy));
    }

    private Future<String> create(JobRequest request, long answerByNanos) {
        NewJob facts;
        try {
            facts = request.newJob(clock.instant());
        } catch (ServerException e) {
            return Future.failedFuture(e);
        }
        List<TooLarge> refusing =
                limits.refusing(facts.orgGuid(), facts.terms().nodes(), effects.commit(facts.id(), facts.terms()));
        if (!refusing.isEmpty()) {
            return Future.failedFuture(NotCreated.tooLarge(refusing));
        }
        if (stopping) {
            return Future.failedFuture(NotCreated.forNow("the server is stopping"));
        }
        if (!writer.hasRoomFor(facts)) {
            return Future.failedFuture(NotCreated.forNow("too many jobs wait for the database"));
        }
        LiveJob job = LiveJob.create(facts);
        live.add(job);
        Promise<String> created = Promise.promise();
        awaiting.put(job.id(), new Awaiting(request, created));
        job.apply(new JobEvent.Started(), clock.instant());
        writer.create(job, answerByNanos);
        return created.future();
    }

    /** The job is stored. */
    void created(LiveJob job) {
        Awaiting client = awaiting.remove(job.id());
        client.created().complete(job.id());
        JobTerms terms = job.terms();
        LOG.info(
                "job started [job: {}, org: {}, by: {}, nodes: {}, quorum: {}, run timeout: {} s, options: {}, command: {}]",
                job.id(),
                client.request().orgName().orElseGet(job::orgGuid),
                job.requestor(),
                terms.nodes().size(),
                terms.quorum(),
                terms.runTimeoutSeconds(),
                JobText.options(terms.spec()),
                JobText.command(terms.spec()));
    }

    /** The job does not go on. */
    void failed(LiveJob job, ServerException answer) {
        LOG.warn("a client got no job [job: {}, answer: {}]", job.id(), answer.getMessage());
        awaiting.remove(job.id()).created().fail(answer);
    }
}
