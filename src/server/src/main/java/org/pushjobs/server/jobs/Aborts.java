package org.pushjobs.server.jobs;

import io.vertx.core.eventbus.Message;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.bus.LocalCodec;
import org.pushjobs.server.store.JobStatus;
import org.pushjobs.server.store.JobStore;
import org.pushjobs.server.store.StoredJob;

/**
 * Answers those who want jobs aborted: once the wish is stored, and at once where there is nothing to do. Belongs to the
 * coordinator's event loop.
 */
final class Aborts {
    private static final long LOOK_UP_TIMEOUT_MILLIS = 5_000;

    private final JobStore store;
    private final Map<String, List<Message<JobAbortRequest>>> waiting = new HashMap<>();

    Aborts(JobStore store) {
        this.store = store;
    }

    /** The job's first request; what it wants is about to be stored. */
    void await(Message<JobAbortRequest> request) {
        waiting.computeIfAbsent(request.body().jobId(), _ -> new ArrayList<>()).add(request);
    }

    /** A request for a job that is being aborted already. */
    void join(Message<JobAbortRequest> request, JobStatus status) {
        List<Message<JobAbortRequest>> others = waiting.get(request.body().jobId());
        if (others == null) {
            accept(request, status);
        } else {
            others.add(request);
        }
    }

    /** What the job's requests want is stored. */
    void stored(String jobId, JobStatus status) {
        taken(jobId).forEach(request -> accept(request, status));
    }

    /** It never will be. */
    void failed(String jobId, String reason) {
        taken(jobId).forEach(request -> request.fail(500, reason));
    }

    private List<Message<JobAbortRequest>> taken(String jobId) {
        List<Message<JobAbortRequest>> taken = waiting.remove(jobId);
        return taken == null ? List.of() : taken;
    }

    /** The organisation has no live job of this id; the database knows whether it had one. */
    void notLive(Message<JobAbortRequest> request) {
        String id = request.body().jobId();
        store.find(request.body().orgGuid(), id)
                .timeout(LOOK_UP_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
                .map(found -> found.map(StoredJob::status)
                        .orElseThrow(() -> new ServerException(404, "there is no job '" + id + "'")))
                .onSuccess(status -> {
                    switch (status) {
                        case ABORTED -> accept(request, status);
                        case COMPLETE, QUORUM_FAILED, TIMED_OUT, CRASHED -> refuseEnded(request, status);
                        case NEW, VOTING, RUNNING ->
                            request.fail(503, "this server does not know the job's state yet; try again later");
                    }
                })
                .onFailure(failure -> Refusal.reply(request, failure));
    }

    static void refuseEnded(Message<JobAbortRequest> request, JobStatus status) {
        request.fail(409, "the job '" + request.body().jobId() + "' has ended, its status is " + status.label());
    }

    private static void accept(Message<JobAbortRequest> request, JobStatus status) {
        request.reply(status, LocalCodec.options());
    }
}
