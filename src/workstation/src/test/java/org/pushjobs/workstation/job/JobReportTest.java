package org.pushjobs.workstation.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushjobs.workstation.remote.JobDocument;

class JobReportTest {
    private static String explanation(String status, Map<String, List<String>> nodes) {
        return explanation(status, nodes, JsonNodeFactory.instance.objectNode());
    }

    private static String explanation(String status, Map<String, List<String>> nodes, ObjectNode nodesInDetail) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ObjectNode source = JsonNodeFactory.instance.objectNode().put("run_timeout", 90);
        source.putObject("detail").set("nodes", nodesInDetail);
        JobDocument job = new JobDocument("ab12", "chef-client", status, nodes, source);
        new JobReport(job).explanation(new PrintStream(out, true, StandardCharsets.UTF_8));
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void nothingIsToBeExplainedWhenAllSucceeded() {
        assertThat(explanation("complete", Map.of("succeeded", List.of("web-1"))))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"new", "voting", "running"})
    void nothingIsExplainedBeforeTheEnd(String status) {
        assertThat(explanation(status, Map.of("nacked", List.of("web-1")))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    complete      | The job is complete; 1 of 1 nodes did not succeed:
                    quorum_failed | Too few nodes took the job (quorum failed), so the command ran nowhere:
                    timed_out     | The job did not end within its time-out of 90 s:
                    aborted       | The job was aborted:
                    crashed       | The server lost the job when it was restarted:
                    of_a_later_server | The job ended as of_a_later_server:
                    """)
    void explanationBeginsWithWhatTheJobCameTo(String status, String verdict) {
        assertThat(explanation(status, Map.of("unavailable", List.of("web-1"))))
                .startsWith("\n" + verdict + "\n  web-1  unavailable  the node was down");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "new",
                "ready",
                "running",
                "failed",
                "aborted",
                "unavailable",
                "nacked",
                "crashed",
                "was_ready",
                "timed_out"
            })
    void everyStatusOfTheServerHasAMeaning(String status) {
        assertThat(explanation("crashed", Map.of(status, List.of("web-1")))).doesNotContain("does not know");
    }

    @Test
    void statusOfALaterServerIsShownAsItIs() {
        assertThat(explanation("complete", Map.of("paused", List.of("web-1"))))
                .endsWith("  web-1  paused  this version of pushjobs does not know the status\n");
    }

    private static ObjectNode put(ObjectNode nodes, String name, String tail, long offset) {
        nodes.putObject(name).put("exit_code", 3).put("output_tail", tail).put("output_tail_offset", offset);
        return nodes;
    }

    @Test
    void lastOutputOfAFailedCommandIsShownUnderItsNode() {
        ObjectNode detail =
                put(JsonNodeFactory.instance.objectNode(), "web-1", "one\ttwo\r\n\u001b[31mred\u0000\n\nend", 0);

        assertThat(explanation("complete", Map.of("failed", List.of("web-1", "web-2")), detail))
                .endsWith("  web-1  failed  exit code 3\n"
                        + "      | one    two\n"
                        + "      | ?[31mred?\n"
                        + "      | \n"
                        + "      | end\n"
                        + "  web-2  failed  the command ended with an error, or the node could not start it\n");
    }

    @Test
    void ofALongOutputTheLastLinesAreShown() {
        String many = IntStream.rangeClosed(1, LastOutput.MOST_LINES + 1)
                .mapToObj(i -> "line " + i + "\n")
                .collect(Collectors.joining());
        ObjectNode detail = put(JsonNodeFactory.instance.objectNode(), "web-1", many, 0);
        put(detail, "web-2", "half a line\n", 4096);

        String explanation = explanation("complete", Map.of("failed", List.of("web-1", "web-2")), detail);

        assertThat(explanation)
                .contains("exit code 3\n      | ...\n      | line 2\n")
                .contains("exit code 3\n      | ...\n      | half a line\n");
    }

    @Test
    void whatNodesWroteAlikeIsShownOnce() {
        ObjectNode detail = put(JsonNodeFactory.instance.objectNode(), "web-1", "trouble\n", 0);
        put(detail, "web-2", "trouble\n", 0);
        put(detail, "web-3", "other\n", 0);

        String explanation = explanation("complete", Map.of("failed", List.of("web-1", "web-2", "web-3")), detail);

        assertThat(explanation).containsOnlyOnce("| trouble").contains("      | as on web-1\n", "      | other\n");
    }

    @Test
    void manyNodesOfOneStatusAreSummedUp() {
        // given
        List<String> names = IntStream.range(10, 30).mapToObj(i -> "web-" + i).toList();

        // when
        String explanation = explanation("complete", Map.of("failed", names));

        // then
        assertThat(explanation.lines().filter(line -> line.startsWith("  web-")))
                .hasSize(JobReport.NODES_EXPLAINED_PER_STATUS);
        assertThat(explanation).contains("  ... and 10 more  failed  the command ended with an error");
    }
}
