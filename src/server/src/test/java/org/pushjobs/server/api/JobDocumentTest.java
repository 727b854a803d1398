package org.pushjobs.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.pushjobs.protocol.message.JobSpec;
import org.pushjobs.server.feeds.EnvValues;
import org.pushjobs.server.jobs.model.JobStatus;
import org.pushjobs.server.jobs.model.JobSummary;
import org.pushjobs.server.jobs.model.JobTerms;
import org.pushjobs.server.jobs.model.NodeStatus;
import org.pushjobs.server.jobs.model.StoredJob;

class JobDocumentTest {
    private static final Instant CREATED = Instant.parse("2026-11-22T09:33:25.999Z");
    private static final Instant UPDATED = Instant.parse("2026-11-22T09:33:26Z");
    private static final JobSpec EVERYTHING = new JobSpec(
            "capture_test",
            Optional.of("root"),
            Optional.of("/tmp"),
            Optional.of(Map.of("OUT", "žluť", "A", "1")),
            Optional.of("raw:hello"),
            true);

    @Test
    void jobWithEverythingHasItsKeysInTheOrderThatClientsKnow() {
        StoredJob job = job(
                EVERYTHING, Map.of("b", NodeStatus.SUCCEEDED, "a", NodeStatus.SUCCEEDED, "c", NodeStatus.WAS_READY));

        assertThat(JobDocument.of(job, EnvValues.SHOWN)).hasToString("""
                {"nodes":{"succeeded":["a","b"],"was_ready":["c"]},"id":"c0dc017122091da592d81294dc29280e",\
                "command":"capture_test","status":"complete","run_timeout":60,\
                "created_at":"Sun, 22 Nov 2026 09:33:25 GMT","updated_at":"Sun, 22 Nov 2026 09:33:26 GMT",\
                "user":"root","dir":"/tmp","env":{"A":"1","OUT":"žluť"},"capture_output":true,"file_specified":true}""");
        assertThat(JobDocument.withFile(job, EnvValues.SHOWN).toString())
                .endsWith("\"capture_output\":true,\"file\":\"raw:hello\"}")
                .doesNotContain("file_specified");
    }

    @Test
    void jobWithoutOptionsShowsNoneOfThem() {
        StoredJob job = job(JobSpec.of("chef-client"), Map.of("a", NodeStatus.NEW));
        String expected = """
                {"nodes":{"new":["a"]},"id":"c0dc017122091da592d81294dc29280e",\
                "command":"chef-client","status":"complete","run_timeout":60,\
                "created_at":"Sun, 22 Nov 2026 09:33:25 GMT","updated_at":"Sun, 22 Nov 2026 09:33:26 GMT"}""";

        assertThat(JobDocument.of(job, EnvValues.SHOWN)).hasToString(expected);
        assertThat(JobDocument.withFile(job, EnvValues.SHOWN)).hasToString(expected);
    }

    @Test
    void jobInAListHasNoNodes() {
        JobSummary job = new JobSummary(
                "c0dc017122091da592d81294dc29280e",
                "alice",
                JobSpec.of("chef-client"),
                true,
                JobStatus.QUORUM_FAILED,
                Optional.empty(),
                CREATED,
                UPDATED);

        assertThat(JobDocument.of(job, EnvValues.SHOWN)).hasToString("""
                {"id":"c0dc017122091da592d81294dc29280e",\
                "command":"chef-client","status":"quorum_failed","run_timeout":null,\
                "created_at":"Sun, 22 Nov 2026 09:33:25 GMT","updated_at":"Sun, 22 Nov 2026 09:33:26 GMT",\
                "file_specified":true}""");
    }

    private static StoredJob job(JobSpec spec, Map<String, NodeStatus> nodes) {
        return new StoredJob(
                "c0dc017122091da592d81294dc29280e",
                "1b5ba3e1b7a5c0dc017122090123abcd",
                "alice",
                new JobTerms(spec, List.copyOf(nodes.keySet()), 1, 60),
                JobStatus.COMPLETE,
                CREATED,
                UPDATED,
                nodes,
                0,
                Optional.empty());
    }
}
