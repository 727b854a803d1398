package org.pushjobs.server.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.pushjobs.protocol.message.JobSpec;
import org.pushjobs.server.bus.CodecCheck;
import org.pushjobs.server.jobs.model.IdempotencyKey;
import org.pushjobs.server.jobs.model.JobStatus;
import org.pushjobs.server.jobs.model.JobTerms;
import org.pushjobs.server.testing.RandomRecords;

class JobCodecsTest {
    static final List<CodecCheck<?>> CODECS = List.of(
            new CodecCheck<>(JobCodecs.START, records -> records.make(JobRequest.class), JobCodecsTest::makers),
            new CodecCheck<>(JobCodecs.ABORT, records -> records.make(JobAbortRequest.class)),
            new CodecCheck<>(JobCodecs.STATUS, records -> records.make(JobStatus.class)),
            new CodecCheck<>(JobCodecs.PROGRESS, records -> records.make(Progress.class)));

    private static RandomRecords makers(RandomRecords records) {
        return records.with(
                        JobTerms.class,
                        () -> new JobTerms(
                                records.make(JobSpec.class),
                                List.of("web-1", records.text()),
                                (int) records.number(),
                                (int) records.number()))
                .with(IdempotencyKey.class, () -> new IdempotencyKey("key-" + records.number(), records.text()));
    }

    @ParameterizedTest
    @FieldSource("CODECS")
    void whatIsSaidAboutJobsStandsAll(CodecCheck<?> check) {
        check.all();
    }

    @Test
    void whatIsSaidAboutJobsIsWrittenAsEver() throws IOException {
        JobTerms terms = new JobTerms(JobSpec.of("true"), List.of("web-1", "web-2"), 2, 3_600);

        CodecCheck.isWrittenAsEver(
                JobCodecs.START,
                new JobRequest(
                        "org", "alice", terms, Optional.of(new IdempotencyKey("key", "digest")), Optional.empty()));
        CodecCheck.isWrittenAsEver(JobCodecs.ABORT, new JobAbortRequest("org", "job", "alice"));
        CodecCheck.isWrittenAsEver(
                JobCodecs.PROGRESS,
                new Progress(
                        "process",
                        List.of(
                                new Progress.OfJob("job", "org", 7, true, false),
                                new Progress.OfJob("job", "org", 0, false, true))));
    }

    @Test
    void statesOfJobsHaveTheNumbersThatTheyEverHad() {
        assertThat(Stream.of(
                                JobStatus.NEW,
                                JobStatus.VOTING,
                                JobStatus.RUNNING,
                                JobStatus.COMPLETE,
                                JobStatus.QUORUM_FAILED,
                                JobStatus.ABORTED,
                                JobStatus.TIMED_OUT,
                                JobStatus.CRASHED)
                        .map(status -> CodecCheck.firstNumber(JobCodecs.STATUS, status)))
                .containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
    }
}
