package org.pushjobs.server.jobs;

import java.util.List;
import org.pushjobs.server.bus.WireEnum;
import org.pushjobs.server.bus.WireFormat;
import org.pushjobs.server.facts.MessageFormats;
import org.pushjobs.server.jobs.model.IdempotencyKey;
import org.pushjobs.server.jobs.model.JobStatus;
import org.pushjobs.server.jobs.model.JobTerms;

/** How requests for jobs, and how far jobs have got, go from one process to another. */
final class JobFormats {
    private static final WireFormat<JobTerms> TERMS = WireFormat.of(
            (out, terms) -> {
                out.nested(1, MessageFormats.JOB_SPEC, terms.spec());
                out.texts(2, terms.nodes());
                out.number(3, terms.quorum());
                out.number(4, terms.runTimeoutSeconds());
            },
            in -> new JobTerms(in.nested(1, MessageFormats.JOB_SPEC), in.texts(2), in.integer(3), in.integer(4)));

    private static final WireFormat<IdempotencyKey> KEY = WireFormat.of(
            (out, key) -> {
                out.text(1, key.value());
                out.text(2, key.requestDigest());
            },
            in -> new IdempotencyKey(in.text(1), in.text(2)));

    static final WireFormat<JobRequest> REQUEST = WireFormat.of(
            (out, request) -> {
                out.text(1, request.orgGuid());
                out.text(2, request.requestor());
                out.nested(3, TERMS, request.terms());
                out.nested(4, KEY, request.key());
                out.text(5, request.orgName());
            },
            in -> new JobRequest(in.text(1), in.text(2), in.nested(3, TERMS), in.optional(4, KEY), in.optionalText(5)));

    static final WireFormat<JobAbortRequest> ABORT_REQUEST = WireFormat.of(
            (out, request) -> {
                out.text(1, request.orgGuid());
                out.text(2, request.jobId());
                out.text(3, request.requestor());
            },
            in -> new JobAbortRequest(in.text(1), in.text(2), in.text(3)));

    private static final WireEnum<JobStatus> STATUSES = WireEnum.of(List.of(
            JobStatus.NEW,
            JobStatus.VOTING,
            JobStatus.RUNNING,
            JobStatus.COMPLETE,
            JobStatus.QUORUM_FAILED,
            JobStatus.ABORTED,
            JobStatus.TIMED_OUT,
            JobStatus.CRASHED));

    static final WireFormat<JobStatus> STATUS =
            WireFormat.of((out, status) -> out.constant(1, STATUSES, status), in -> in.constant(1, STATUSES));

    private static final WireFormat<Progress.OfJob> PROGRESS_OF_JOB = WireFormat.of(
            (out, job) -> {
                out.text(1, job.jobId());
                out.text(2, job.orgGuid());
                out.number(3, job.events());
                out.flag(4, job.inOrganisation());
                out.flag(5, job.output());
            },
            in -> new Progress.OfJob(in.text(1), in.text(2), in.integer(3), in.flag(4), in.flag(5)));

    static final WireFormat<Progress> PROGRESS = WireFormat.of(
            (out, progress) -> {
                out.text(1, progress.process());
                out.list(2, PROGRESS_OF_JOB, progress.jobs());
            },
            in -> new Progress(in.text(1), in.list(2, PROGRESS_OF_JOB)));

    private JobFormats() {}
}
