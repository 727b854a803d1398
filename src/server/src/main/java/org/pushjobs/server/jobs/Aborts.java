package org.pushjobs.server.jobs;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.jobs.model.JobStatus;
import org.pushjobs.server.jobs.model.StoredJob;
import org.pushjobs.server.time.Schedule;

/**
 * Answers those who want jobs aborted: once the wish is stored, and at once where there is nothing to do. Every answer comes
 * within {@value #ANSWER_MILLIS} ms. Belongs to the coordinator's event loop.
 */
final class Aborts {
    /** Below the 10 s after which a caller on the event bus gives up. */
    static final long ANSWER_MILLIS = 8_000;

    private static final long LOOK_UP_TIMEOUT_MILLIS = 5_000;

    private final BiFunction<String, String, Future<Optional<StoredJob>>> find;
    private final Schedule schedule;
    private final Map<String, List<Promise<JobStatus>>> waiting = new HashMap<>();

    /** @param find a job of an organisation by its id, in the database */
    Aborts(BiFunction<String, String, Future<Optional<StoredJob>>> find, Schedule schedule) {
        this.find = Objects.requireNonNull(find, "find");
        this.schedule = Objects.requireNonNull(schedule, "schedule");
    }

    /** The job's first request; what it wants is about to be stored. */
    Future<JobStatus> await(String jobId) {
        waiting.computeIfAbsent(jobId, _ -> new ArrayList<>());
        return wait(jobId);
    }

    /** A request for a job that is being aborted already. */
    Future<JobStatus> join(String jobId, JobStatus status) {
        return waiting.containsKey(jobId) ? wait(jobId) : Future.succeededFuture(status);
    }

    private Future<JobStatus> wait(String jobId) {
        Promise<JobStatus> answer = Promise.promise();
        List<Promise<JobStatus>> together = waiting.get(jobId);
        together.add(answer);
        Runnable cancel = schedule.after(ANSWER_MILLIS, () -> {
            // the wish goes on; only this one does not wait for it any more
            together.remove(answer);
            answer.tryFail(ServerException.unavailable("the database does not answer; the job '" + jobId
                    + "' is aborted as soon as it does, unless the server ends before that: ask again later"));
        });
        answer.future().onComplete(_ -> cancel.run());
        return answer.future();
    }

    /** What the job's requests want is stored. */
    void stored(String jobId, JobStatus status) {
        taken(jobId).forEach(answer -> answer.tryComplete(status));
    }

    /** It never will be. */
    void failed(String jobId, String reason) {
        taken(jobId).forEach(answer -> answer.tryFail(new ServerException(500, reason)));
    }

    /** Nobody will hear any more here what becomes of them. */
    void close() {
        List.copyOf(waiting.keySet())
                .forEach(jobId -> taken(jobId)
                        .forEach(
                                answer -> answer.tryFail(ServerException.unavailable("it is not known whether the job '"
                                        + jobId + "' is aborted: the coordinator has changed; ask again later"))));
    }

    /** How many jobs have requests, or had, whose wish is not stored. */
    int jobs() {
        return waiting.size();
    }

    private List<Promise<JobStatus>> taken(String jobId) {
        List<Promise<JobStatus>> taken = waiting.remove(jobId);
        return taken == null ? List.of() : taken;
    }

    /** The organisation has no live job of this id; the database knows whether it had one. */
    Future<JobStatus> notLive(JobAbortRequest request) {
        String id = request.jobId();
        return schedule.within(LOOK_UP_TIMEOUT_MILLIS, find.apply(request.orgGuid(), id))
                .map(found -> found.map(StoredJob::status)
                        .orElseThrow(() -> new ServerException(404, "there is no job '" + id + "'")))
                .compose(status -> switch (status) {
                    case ABORTED -> Future.succeededFuture(status);
                    case COMPLETE, QUORUM_FAILED, TIMED_OUT, CRASHED -> ended(id, status);
                    case NEW, VOTING, RUNNING ->
                        Future.failedFuture(ServerException.unavailable(
                                "this server does not know the job's state yet; try again later"));
                });
    }

    static Future<JobStatus> ended(String jobId, JobStatus status) {
        return Future.failedFuture(
                new ServerException(409, "the job '" + jobId + "' has ended, its status is " + status.label()));
    }
}
