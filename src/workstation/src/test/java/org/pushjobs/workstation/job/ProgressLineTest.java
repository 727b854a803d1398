package org.pushjobs.workstation.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pushjobs.workstation.remote.JobDocument;

class ProgressLineTest {
    private static JobDocument job(String status, Map<String, List<String>> nodes) {
        return new JobDocument("ab12", "chef-client", status, nodes, JsonNodeFactory.instance.objectNode());
    }

    @ParameterizedTest
    @CsvSource({
        "voting, Voting.",
        "running, Running (0/0 in progress) ...",
        "complete, Complete.",
        "quorum_failed, Quorum_failed.",
        "crashed, Crashed.",
        "aborted, Aborted.",
        "timed_out, Timed_out.",
        "paused_by_a_later_server, Paused_by_a_later_server.",
    })
    void lineIsTheStatusCapitalized(String status, String line) {
        assertThat(ProgressLine.of(job(status, Map.of()))).hasValue(line);
    }

    @Test
    void jobThatHasNotBegunHasNoLine() {
        assertThat(ProgressLine.of(job("new", Map.of("new", List.of("web-1"))))).isEmpty();
    }

    @Test
    void nodesAreInProgressUntilTheyHaveEnded() {
        // given
        JobDocument job = job(
                "running",
                Map.of(
                        "new", List.of("a"),
                        "ready", List.of("b", "c"),
                        "running", List.of("d", "e"),
                        "succeeded", List.of("f"),
                        "failed", List.of("g"),
                        "nacked", List.of("h")));

        // then
        assertThat(ProgressLine.of(job)).hasValue("Running (5/8 in progress) ...");
    }
}
