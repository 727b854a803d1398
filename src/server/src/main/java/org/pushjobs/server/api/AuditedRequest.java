package org.pushjobs.server.api;

import io.vertx.core.AsyncResult;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.pushjobs.protocol.message.JobSpec;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.audit.AuditTrail;
import org.pushjobs.server.directory.KeyFingerprint;
import org.pushjobs.server.jobs.model.JobTerms;
import org.pushjobs.server.store.AuditRow;

/**
 * What the audit log is to know of one request, gathered while it is dealt with. Operations add what only they know; for a
 * request that is not audited that does nothing. Belongs to the request's event loop.
 */
final class AuditedRequest {
    private static final String KEY = "pushjobs.audited";
    private static final int MAX_NAME_CHARACTERS = 255;
    private static final int OK = 200;
    private static final int INTERNAL_ERROR = 500;

    private final RoutingContext context;
    private String action;
    private Optional<Requestor> requestor = Optional.empty();
    private boolean made;
    private final List<Change> changes = new ArrayList<>();
    private AuditRow.Job job;

    private record Change(String action, AuditRow.Job words) {}

    private AuditedRequest(RoutingContext context, String action) {
        this.context = context;
        this.action = action;
        this.job = Optional.ofNullable(context.pathParam("id"))
                .filter(Names::isJobId)
                .map(AuditRow.Job.UNKNOWN::withId)
                .orElse(AuditRow.Job.UNKNOWN);
    }

    /** Begins to take notes. */
    static AuditedRequest begin(RoutingContext context, String action) {
        AuditedRequest request = new AuditedRequest(context, action);
        context.put(KEY, request);
        return request;
    }

    private static Optional<AuditedRequest> of(RoutingContext context) {
        return Optional.ofNullable(context.get(KEY));
    }

    /** It is proven who asks. */
    static void by(RoutingContext context, Requestor requestor) {
        of(context).ifPresent(request -> request.requestor = Optional.of(requestor));
    }

    /** It is known what is to run, where and how. */
    static void runs(RoutingContext context, JobTerms terms) {
        of(context).ifPresent(request -> request.job = audited(terms));
    }

    private static AuditRow.Job audited(JobTerms terms) {
        JobSpec spec = terms.spec();
        List<String> variables = List.copyOf(spec.env().orElse(Map.of()).keySet());
        return AuditRow.Job.requested(
                spec.command(),
                terms.nodes(),
                new AuditRow.Options(
                        spec.user(),
                        spec.dir(),
                        variables.size(),
                        variables,
                        spec.file().map(JobFile::decodedLength),
                        terms.quorum(),
                        terms.runTimeoutSeconds(),
                        spec.capture()));
    }

    /**
     * It is known how the directory is to change.
     *
     * @param name of the change, instead of the action that the request began with
     * @param words as the command line has it
     */
    static void changes(RoutingContext context, String name, String words) {
        of(context).ifPresent(request -> {
            request.action = name;
            request.job = AuditRow.Job.command(words);
        });
    }

    /** The change is made, whether the client still learns of it or not. */
    static void made(RoutingContext context) {
        of(context).ifPresent(request -> request.made = true);
    }

    /** One of several changes that the request asked for is made; it gets a line of its own, whatever comes of the others. */
    static void alsoMade(RoutingContext context, String name, String words) {
        of(context).ifPresent(request -> request.changes.add(new Change(name, AuditRow.Job.command(words))));
    }

    /** It is known which job it is. */
    static void job(RoutingContext context, String id) {
        of(context).ifPresent(request -> request.job = request.job.withId(id));
    }

    /** The request was dealt with. */
    void ended(AsyncResult<Void> result, Clock clock, AuditTrail trail) {
        changes.forEach(change -> trail.record(
                line(clock, change.action(), change.words(), AuditRow.Outcome.DONE, OK, Optional.empty())));
        trail.record(line(clock, action, job, outcome(result), status(result), reason(result)));
    }

    private AuditRow line(
            Clock clock,
            String what,
            AuditRow.Job about,
            AuditRow.Outcome outcome,
            int status,
            Optional<String> reason) {
        return new AuditRow(
                UUID.randomUUID(),
                clock.instant(),
                cut(Optional.ofNullable(context.pathParam("org")).orElse("")),
                requestor.map(known -> known.organisation().guid()),
                requestor.map(known -> known.principal().name()).orElseGet(() -> cut(RequestTrace.user(context))),
                requestor.map(known -> new AuditRow.Identity(
                        known.principal().type().name().toLowerCase(Locale.ROOT), KeyFingerprint.of(known.key()))),
                RequestTrace.id(context),
                RemoteAddress.of(context),
                what,
                about,
                outcome,
                status,
                reason);
    }

    /** What changes something says 201 or 202 once it is done; a client that is gone by then undoes nothing. */
    private boolean isDone(AsyncResult<Void> result) {
        int answered = context.response().getStatusCode();
        return result.succeeded() || made || answered == 201 || answered == 202;
    }

    private AuditRow.Outcome outcome(AsyncResult<Void> result) {
        if (isDone(result)) {
            return AuditRow.Outcome.DONE;
        }
        return status(result) < INTERNAL_ERROR ? AuditRow.Outcome.REFUSED : AuditRow.Outcome.FAILED;
    }

    private int status(AsyncResult<Void> result) {
        if (isDone(result)) {
            return context.response().getStatusCode();
        }
        return result.cause() instanceof ServerException refusal ? refusal.status() : INTERNAL_ERROR;
    }

    private static Optional<String> reason(AsyncResult<Void> result) {
        return Optional.ofNullable(result.cause()).map(cause -> cut(String.valueOf(cause.getMessage())));
    }

    private static String cut(String text) {
        String clean = text.replaceAll("\\p{Cntrl}", "?");
        return clean.length() <= MAX_NAME_CHARACTERS ? clean : clean.substring(0, MAX_NAME_CHARACTERS);
    }
}
