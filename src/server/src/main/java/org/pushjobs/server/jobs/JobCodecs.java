package org.pushjobs.server.jobs;

import io.vertx.core.Vertx;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.pushjobs.server.bus.WireCodec;
import org.pushjobs.server.bus.WireCodecs;
import org.pushjobs.server.facts.FactCodecs;
import org.pushjobs.server.jobs.model.JobStatus;
import org.pushjobs.server.nodes.NodeCodecs;

/** Codecs of requests for jobs and of their answers. */
public final class JobCodecs {
    /** A request over HTTP has a million bytes at most. */
    private static final int REQUEST_BYTES = 4 << 20;

    static final WireCodec<JobRequest> START =
            new WireCodec<>("pushjobs.jobs.start", JobRequest.class, REQUEST_BYTES, JobFormats.REQUEST);

    static final WireCodec<JobAbortRequest> ABORT =
            new WireCodec<>("pushjobs.jobs.abort", JobAbortRequest.class, WireCodec.SHORT, JobFormats.ABORT_REQUEST);

    static final WireCodec<JobStatus> STATUS =
            new WireCodec<>("pushjobs.jobs.status", JobStatus.class, WireCodec.SHORT, JobFormats.STATUS);

    static final WireCodec<Progress> PROGRESS =
            new WireCodec<>("pushjobs.jobs.progress", Progress.class, WireCodec.LONG, JobFormats.PROGRESS);

    static final Set<WireCodec<?>> ALL = Set.of(START, ABORT, STATUS, PROGRESS);

    private JobCodecs() {}

    /** These, and those of all that is said between roles besides; once for each Vert.x instance, before anything is sent. */
    public static void register(Vertx vertx) {
        WireCodecs.register(
                vertx,
                Stream.of(FactCodecs.ALL, NodeCodecs.ALL, ALL)
                        .flatMap(Set::stream)
                        .collect(Collectors.toUnmodifiableSet()));
    }
}
