package org.pushjobs.workstation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushjobs.workstation.Workstation.Result;

/** What all commands have: options that knife has, help, versions, suggestions, and errors as data. */
class CommonOptionsIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path directory;

    private Workstation workstation;

    @BeforeEach
    void startServer() {
        workstation = new Workstation(directory);
        workstation.server().answer("GET node_states", 200, "[{\"node_name\":\"a\",\"availability\":\"available\"}]");
        workstation.server().answer("POST jobs", 201, "{\"id\":\"ab12\"}");
    }

    @AfterEach
    void stopServer() {
        workstation.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--color",
                "--no-color",
                "-y",
                "--yes",
                "-E production",
                "--environment production",
                "--defaults",
                "-d",
                "--disable-editing",
                "--print-after",
                "--config-option knife_unknown=1",
                "-F text"
            })
    void optionsOfKnifeAreAcceptedAndChangeNothing(String option) {
        assertThat(workstation.run(("node status " + option).split(" ")).out()).isEqualTo("a\tavailable\n");
        assertThat(workstation
                        .run(("job start -b c web-1 " + option).split(" "))
                        .out())
                .isEqualTo("Started.  Job ID: ab12\n");
    }

    @Test
    void rubysFormatIsKnown() {
        assertThat(workstation.run("node", "status", "-F", "pp").out())
                .isEqualTo("[{\"node_name\"=>\"a\", \"availability\"=>\"available\"}]\n");
    }

    @ParameterizedTest
    @CsvSource({"-V", "--verbose"})
    void requestsAreToldOnStandardError(String option) {
        Result result = workstation.run("node", "status", option);

        assertThat(result.out()).isEqualTo("a\tavailable\n");
        assertThat(result.err())
                .matches(
                        "GET http://localhost:[0-9]+/organizations/acme/pushy/node_states\\?all=true&detail=true -> 200 in"
                                + " [0-9]+ ms\n");
    }

    @ParameterizedTest
    @CsvSource({"-VV", "-V -V"})
    void moreIsToldOnRequest(String options) {
        Result result = workstation.run(("node status " + options).split(" "));

        assertThat(result.err()).startsWith("user alice from PUSHJOBS_USER, key from PUSHJOBS_KEY\nGET ");
    }

    @Test
    void requestWithoutAnAnswerIsToldToo() {
        workstation.server().close();

        assertThat(workstation.run("node", "status", "-V").err())
                .containsPattern("(?m)^GET http://.* -> no answer in [0-9]+ ms: ");
    }

    @Test
    void configOptionIsStrongerThanTheEnvironmentAndWeakerThanAnOptionOfItsOwn() {
        Result weaker = workstation.run("whoami", "--config-option", "node_name=mallory", "-u", "alice");
        Result stronger = workstation.run("whoami", "--config-option", "node_name=mallory");

        assertThat(weaker.err()).doesNotContain("mallory");
        assertThat(stronger.err()).contains("user mallory from --config-option");
    }

    // ---- help and versions

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"''|pushjobs", "help|pushjobs", "push jobs|pushjobs", "job|pushjobs job"})
    void whoNamesNoCommandIsShownWhatThereIs(String arguments, String program) {
        Result result = workstation.run(arguments.isEmpty() ? new String[0] : arguments.split(" "));

        assertThat(result.out()).startsWith("Usage: " + program + " ").contains("COMMAND", "Commands:");
        assertThat(result.err()).isEmpty();
        assertThat(result.exitCode()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"help job start, job start --help", "help node, node --help", "push jobs help job list, job list --help"
    })
    void helpIsAlsoAWordInFront(String asked, String option) {
        assertThat(workstation.run(asked.split(" ")).out())
                .isEqualTo(workstation.run(option.split(" ")).out())
                .startsWith("Usage: ");
    }

    @Test
    void helpListsNeitherHiddenCommandsNorOptionsWithoutEffect() {
        assertThat(workstation.run("--help").out())
                .contains("whoami", "doctor", "config")
                .doesNotContain("__complete");
        assertThat(workstation.run("node", "status", "--help").out())
                .contains("--[no-]color", "--verbose")
                .doesNotContain("--print-after");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"--version", "-v", "job --version", "node status --version", "job start -v", "doctor --version"})
    void versionIsToldEverywhere(String arguments) {
        Result result = workstation.run(arguments.split(" "));

        assertThat(result.out()).startsWith("pushjobs ");
        assertThat(result.exitCode()).isZero();
        assertThat(workstation.server().received()).isEmpty();
    }

    // ---- suggestions

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    jobs list                 | there is no command 'pushjobs jobs'; did you mean 'pushjobs job'?
                    job lst                   | there is no command 'pushjobs job lst'; did you mean 'pushjobs job list'?
                    job strat c web-1         | there is no command 'pushjobs job strat'; did you mean 'pushjobs job start'?
                    node stauts               | there is no command 'pushjobs node stauts'; did you mean 'pushjobs node status'?
                    docter                    | there is no command 'pushjobs docter'; did you mean 'pushjobs doctor'?
                    help job lst              | there is no command 'pushjobs job lst'; did you mean 'pushjobs job list'?
                    frobnicate                | there is no command 'pushjobs frobnicate'
                    job start --quorm 3 c a   | Unknown option: '--quorm'; did you mean '--quorum'?
                    job start --qorum=3 c a   | Unknown option: '--qorum=3'; did you mean '--quorum'?
                    job list --xyzzy          | Unknown option: '--xyzzy'
                    """)
    void misspeltWordGetsASuggestion(String arguments, String message) {
        Result result = workstation.run(arguments.split(" "));

        assertThat(result.err().lines()).first().isEqualTo("ERROR: " + message);
        assertThat(result.err()).contains("\nTry 'pushjobs").contains("--help'.\n");
        assertThat(result.exitCode()).isEqualTo(2);
    }

    // ---- errors as data

    @ParameterizedTest
    @CsvSource({
        "-F json, 'job status none -F json', refused, 404",
        "--format=jsonl, 'job status none --format=jsonl', refused, 404",
        "-Fjson, 'job list --limit 0 -Fjson', usage, 0",
        "-F yaml, 'node stauts -F yaml', usage, 0",
        "no such host, 'job list -s http://no-such-host.invalid/organizations/acme -F json', unreachable, 0",
        "no data, 'whoami -F json -s http://localhost:1/', usage, 0"
    })
    void errorIsALineOfJsonWhereDataIsAskedFor(String name, String arguments, String kind, int httpStatus)
            throws Exception {
        Result result = workstation.run(arguments.split(" "));

        assertThat(result.out()).as(name).isEmpty();
        assertThat(result.err().lines()).hasSize(1);
        JsonNode error = JSON.readTree(result.err()).path("error");
        assertThat(error.path("kind").asText()).isEqualTo(kind);
        assertThat(error.path("message").asText()).isNotEmpty();
        assertThat(error.path("http_status").asInt()).isEqualTo(httpStatus);
        assertThat(result.exitCode()).isNotZero();
    }

    @Test
    void unusableAnswerIsAKindOfItsOwn() {
        workstation.server().answer("GET jobs", 200, "{}");

        assertThat(workstation.run("job", "list", "-F", "json").err())
                .startsWith(
                        "{\"error\":{\"kind\":\"unusable_answer\",\"message\":\"the server's answer is no JSON array;");
    }
}
