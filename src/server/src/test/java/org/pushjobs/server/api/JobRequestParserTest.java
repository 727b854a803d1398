package org.pushjobs.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushjobs.server.jobs.model.JobTerms;

class JobRequestParserTest {
    private static final String FILE_SIZE = "invalid file size (must be <= 100000 bytes)";

    private final JobRequestParser parser = new JobRequestParser(Duration.ofHours(1));

    @Test
    void bodyWithOnlyCommandAndNodesGetsTheDefaults() {
        JobTerms job = parse("{\"command\":\"chef-client\",\"nodes\":[\"a\",\"b\",\"a\",\"c\",\"b\"]}");

        assertThat(job.spec().command()).isEqualTo("chef-client");
        assertThat(job.nodes()).containsExactly("a", "b", "c");
        assertThat(job.quorum()).isEqualTo(3);
        assertThat(job.runTimeoutSeconds()).isEqualTo(3600);
        assertThat(job.spec().user()).isEmpty();
        assertThat(job.spec().dir()).isEmpty();
        assertThat(job.spec().env()).isEmpty();
        assertThat(job.spec().file()).isEmpty();
        assertThat(job.spec().capture()).isFalse();
    }

    @Test
    void bodyWithEveryFieldIsTakenOver() {
        JobTerms job = parse("""
                {"command":"","nodes":["a"],"quorum":7,"run_timeout":20,"user":"app","dir":"/srv","env":{"A":"1","B":""},
                 "file":"raw:žluť","capture_output":true}""");

        assertThat(job.spec().command()).isEmpty();
        assertThat(job.quorum()).isEqualTo(7);
        assertThat(job.runTimeoutSeconds()).isEqualTo(20);
        assertThat(job.spec().user()).contains("app");
        assertThat(job.spec().dir()).contains("/srv");
        assertThat(job.spec().env()).contains(Map.of("A", "1", "B", ""));
        assertThat(job.spec().file()).contains("raw:žluť");
        assertThat(job.spec().capture()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "0,0",
        "1,1",
        "0.2,1",
        "1.0,1",
        "1.01,2",
        "2147483647,2147483647",
        "2147483646.5,2147483647",
        "1e3,1000",
        "-0.5,0",
        "-1,0",
        "-2147483648,0"
    })
    void quorumIsRoundedUpAndNotBelowZero(String given, int expected) {
        assertThat(parse(withField("quorum", given)).quorum()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"80%,4", "61%,4", "60%,3", "1%,1", "0%,0", "100%,5", "150%,8", "007%,1", "999999%,50000"})
    void quorumMayBeAPartOfTheNodesWhichIsRoundedUp(String given, int expected) {
        assertThat(parse("{\"command\":\"c\",\"nodes\":[\"a\",\"b\",\"c\",\"d\",\"e\",\"a\"],\"quorum\":\"" + given
                                + "\"}")
                        .quorum())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"80", "%", "80 %", "-1%", "1.5%", "80%%", "1000000%", "٨%"})
    void otherTextsAreNoQuorum(String given) {
        assertRefused(
                withField("quorum", "\"" + given + "\""), 400, "invalid type supplied for quorum (expected a number)");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    "quorum":"most"                  | quorum         | "most"
                    "quorum":99999999999             | quorum         | 99999999999
                    "run_timeout":[60]               | run_timeout    | [60]
                    "capture_output":"yes"           | capture_output | "yes"
                    "timeout":1                      | timeout        |
                    "zeal":1,"haste":1               | haste          |
                    "user":" root"                   | user           | " root"
                    "dir":7                          | dir            | 7
                    "env":["secret"]                 | env            |
                    "env":{"A":"1","TOKEN":["secret"]} | env.TOKEN    |
                    "env":{"A":"1","B":"2","B":"secret"} | env.B      |
                    "file":"secret"                  | file           |
                    "quorum":1,"quorum":2            | quorum         |
                    """)
    void theWrongFieldIsNamedWithItsValueUnlessThatMayBeSecret(String members, String field, String value) {
        assertThat(wrong("{\"command\":\"c\",\"nodes\":[\"a\"]," + members + "}"))
                .isEqualTo(new WrongField(field, Optional.ofNullable(value)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {"nodes":["a"]}                           | command  |
                    {"command":["ls","-l"],"nodes":["a"]}     | command  | ["ls","-l"]
                    {"command":"c"}                           | nodes    |
                    {"command":"c","nodes":"a"}               | nodes    | "a"
                    {"command":"c","nodes":[]}                | nodes    | []
                    {"command":"c","nodes":["a","a",{"b":1}]} | nodes[2] | {"b":1}
                    """)
    void aWrongCommandOrNodeIsNamedToo(String body, String field, String value) {
        assertThat(wrong(body)).isEqualTo(new WrongField(field, Optional.ofNullable(value)));
    }

    @Test
    void longNamesAndValuesAreCut() {
        WrongField wrong = wrong(withField("quorum", "\"" + "x".repeat(10_000) + "\""));

        assertThat(wrong.value()).contains("\"" + "x".repeat(99) + "…");
        assertThat(wrong(withField("k".repeat(10_000), "1")).name()).isEqualTo("k".repeat(100) + "…");
    }

    @ParameterizedTest
    @CsvSource({"1,1", "0.2,1", "1.5,2", "2147483647,2147483647", "0,0", "-5,0", "-2147483648.5,0"})
    void runTimeoutIsRoundedUpAndNotBelowZero(String given, int expected) {
        assertThat(parse(withField("run_timeout", given)).runTimeoutSeconds()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    quorum         | "1"                 | invalid type supplied for quorum (expected a number)
                    quorum         | null                | invalid type supplied for quorum (expected a number)
                    quorum         | [1]                 | invalid type supplied for quorum (expected a number)
                    quorum         | -2147483649         | invalid type supplied for quorum (expected a number): must be -2147483648 to 2147483647
                    quorum         | -1e999              | invalid type supplied for quorum (expected a number): must be -2147483648 to 2147483647
                    quorum         | 2147483647.5        | invalid type supplied for quorum (expected a number): must be -2147483648 to 2147483647
                    quorum         | 99999999999999999999 | invalid type supplied for quorum (expected a number): must be -2147483648 to 2147483647
                    quorum         | 1e999               | invalid type supplied for quorum (expected a number): must be -2147483648 to 2147483647
                    run_timeout    | "60"                | invalid type supplied for run_timeout (expected a number)
                    run_timeout    | null                | invalid type supplied for run_timeout (expected a number)
                    run_timeout    | true                | invalid type supplied for run_timeout (expected a number)
                    run_timeout    | -1e10               | invalid type supplied for run_timeout (expected a number): must be -2147483648 to 2147483647 seconds
                    run_timeout    | 1e10                | invalid type supplied for run_timeout (expected a number): must be -2147483648 to 2147483647 seconds
                    capture_output | "true"              | invalid type supplied for capture_output (expected a boolean)
                    capture_output | null                | invalid type supplied for capture_output (expected a boolean)
                    capture_output | 1                   | invalid type supplied for capture_output (expected a boolean)
                    env            | null                | an unknown validation error has occurred
                    env            | "A=1"               | an unknown validation error has occurred
                    env            | []                  | an unknown validation error has occurred
                    env            | {"A":1}             | an unknown validation error has occurred
                    env            | {"A":null}          | an unknown validation error has occurred
                    env            | {"A":{"B":"1"}}     | an unknown validation error has occurred
                    env            | {"A":"1","A":"2"}   | invalid environment value (duplicate key)
                    env            | {"A":"1","A":"1"}   | invalid environment value (duplicate key)
                    env            | {"A":"x\\u0000"}    | invalid environment value (NUL or broken character)
                    env            | {"\\ud800":"x"}     | invalid environment value (NUL or broken character)
                    file           | null                | invalid file contents (expected 'base64:...' or 'raw:...')
                    file           | 1                   | invalid file contents (expected 'base64:...' or 'raw:...')
                    file           | ""                  | invalid file contents (expected 'base64:...' or 'raw:...')
                    file           | "hello"             | invalid file contents (expected 'base64:...' or 'raw:...')
                    file           | "RAW:hello"         | invalid file contents (expected 'base64:...' or 'raw:...')
                    file           | "base64:a"          | invalid file contents (couldn't decode base64 string)
                    file           | "base64:YQ"         | invalid file contents (couldn't decode base64 string)
                    file           | "base64:Y*=="       | invalid file contents (couldn't decode base64 string)
                    file           | "raw:a\\u0000b"     | invalid file contents (text with NUL or broken characters must be sent as 'base64:...')
                    timeout        | 1                   | invalid key supplied
                    """)
    void wrongOptionsAreRefusedWithTheirText(String field, String value, String error) {
        assertRefused(withField(field, value), 400, error);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    user | null          | invalid type supplied for user (expected a string)
                    user | 0             | invalid type supplied for user (expected a string)
                    user | ""            | invalid user supplied (must have 1 to 32 characters and no white space around them)
                    user | "root "       | invalid user supplied (must have 1 to 32 characters and no white space around them)
                    user | "abcdefghijklmnopqrstuvwxyz0123456" | invalid user supplied (must have 1 to 32 characters and no white space around them)
                    user | "a\\u0000"    | invalid user supplied (NUL or broken character)
                    dir  | null          | invalid type supplied for dir (expected a string)
                    dir  | ["/tmp"]      | invalid type supplied for dir (expected a string)
                    dir  | "/\\u0000"    | invalid dir supplied (NUL or broken character)
                    """)
    void wrongUserAndDirAreUnprocessableSoThatKnifeDoesNotDropThem(String field, String value, String error) {
        assertRefused(withField(field, value), 422, error);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    "run_timeout":1e10         | 422 | invalid type supplied for run_timeout (expected a number): must be -2147483648 to 2147483647 seconds
                    "capture_output":1         | 422 | invalid type supplied for capture_output (expected a boolean)
                    "env":{"A":1}              | 422 | an unknown validation error has occurred
                    "file":""                  | 422 | invalid file contents (expected 'base64:...' or 'raw:...')
                    "surprise":1               | 422 | invalid key supplied
                    "quorum":"1"               | 400 | invalid type supplied for quorum (expected a number)
                    """)
    void otherErrorsBesideAUserAreUnprocessableUnlessKnifesShortFormHasThemToo(String field, int status, String error) {
        assertRefused("{\"command\":\"c\",\"nodes\":[\"a\"],\"user\":\"app\"," + field + "}", status, error);
        assertRefused("{\"command\":\"c\",\"nodes\":[\"a\"],\"dir\":\"/srv\"," + field + "}", status, error);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {}                                         | invalid command supplied
                    {"nodes":["a"]}                            | invalid command supplied
                    {"command":null,"nodes":["a"]}             | invalid command supplied
                    {"command":1,"nodes":["a"]}                | invalid command supplied
                    {"command":"\\u0000","nodes":["a"]}        | invalid command supplied
                    {"command":"\\udc00","nodes":["a"]}        | invalid command supplied
                    {"command":1,"nodes":[],"x":1}             | invalid command supplied
                    {"command":"c"}                            | at least one node must be supplied
                    {"command":"c","nodes":null}               | at least one node must be supplied
                    {"command":"c","nodes":"a"}                | at least one node must be supplied
                    {"command":"c","nodes":{"a":1}}            | at least one node must be supplied
                    {"command":"c","nodes":[]}                 | at least one node must be supplied
                    {"command":"c","nodes":["a",1]}            | at least one node must be supplied
                    {"command":"c","nodes":["a",null],"x":1}   | at least one node must be supplied
                    {"command":"c","nodes":["a\\u0000"]}       | invalid node name (must have at most 255 characters, none of them NUL)
                    {"command":"c","nodes":["a"],"quorum":"1","x":1} | invalid key supplied
                    {"command":"c","nodes":["a"],"run_timeout":"1","quorum":"1"} | invalid type supplied for quorum (expected a number)
                    {"command":"c","nodes":["a"],"capture_output":1,"run_timeout":"1"} | invalid type supplied for run_timeout (expected a number)
                    {"command":"c","nodes":["a"],"env":1,"capture_output":1} | invalid type supplied for capture_output (expected a boolean)
                    {"command":"c","nodes":["a"],"file":1,"env":1} | an unknown validation error has occurred
                    {"command":"c","nodes":["a"],"command":"d"} | the request body has the same key twice
                    []                                         | the request body must be a JSON object
                    "text"                                     | the request body must be a JSON object
                    null                                       | the request body must be a JSON object
                    ``                                         | the request body must be a JSON object
                    {} {}                                      | the request body has more than one JSON value
                    {"command":                                | the request body is not valid JSON (line 1, column 12)
                    {"env":{"A":                               | the request body is not valid JSON (line 1, column 13)
                    """)
    void wrongBodiesAreRefusedWithTheTextOfTheFirstError(String body, String error) {
        assertRefused(body, 400, error);
    }

    @Test
    void filesOfExactlyTheLimitAreTakenAndLongerOnesRefused() {
        String limit = "x".repeat(100_000);
        assertThat(parse(withField("file", "\"raw:" + limit + "\"")).spec().file())
                .isPresent();
        assertThat(parse(withField("file", "\"base64:" + base64(limit) + "\""))
                        .spec()
                        .file())
                .isPresent();

        assertRefused(withField("file", "\"raw:" + limit + "x\""), 400, FILE_SIZE);
        assertRefused(withField("file", "\"raw:" + "ž".repeat(50_001) + "\""), 400, FILE_SIZE);
        assertRefused(withField("file", "\"base64:" + base64(limit + "x") + "\""), 400, FILE_SIZE);
    }

    @Test
    void lineBreaksWithinBase64AreAllowedAsKnifeSendsThem() {
        assertThat(parse(withField("file", "\"base64:aGVs\\nbG8K\\n\"")).spec().file())
                .contains("base64:aGVs\nbG8K\n");
    }

    @Test
    void nodeNamesOfExactlyTheLimitAreTakenAndLongerOnesRefused() {
        String name = "n".repeat(255);
        assertThat(parse("{\"command\":\"c\",\"nodes\":[\"" + name + "\"]}").nodes())
                .containsExactly(name);

        assertRefused(
                "{\"command\":\"c\",\"nodes\":[\"" + name + "n\"]}",
                400,
                "invalid node name (must have at most 255 characters, none of them NUL)");
    }

    @Test
    void bodyThatIsNotUtf8IsRefused() {
        byte[] body = "{\"command\":\"é\",\"nodes\":[\"a\"]}".getBytes(StandardCharsets.ISO_8859_1);

        assertThatThrownBy(() -> parser.parse(body))
                .isInstanceOfSatisfying(
                        ValidationException.class,
                        error -> assertThat(error.status()).isEqualTo(400))
                .hasMessage("the request body is not valid UTF-8");
    }

    @Test
    void deeplyNestedBodyIsRefusedWithoutOverflow() {
        String deep = "[".repeat(400_000);

        for (String body : List.of("{\"command\":" + deep, "{\"env\":{\"A\":" + "{\"B\":".repeat(150_000))) {
            assertRefused(body, 400, "the request body is not valid JSON: its nesting or a number in it is too long");
        }
    }

    private WrongField wrong(String body) {
        return catchThrowableOfType(ValidationException.class, () -> parse(body))
                .wrong()
                .orElseThrow();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String withField(String name, String value) {
        return "{\"command\":\"c\",\"nodes\":[\"a\"],\"" + name + "\":" + value + "}";
    }

    private JobTerms parse(String body) {
        return parser.parse(body.getBytes(StandardCharsets.UTF_8));
    }

    private void assertRefused(String body, int status, String error) {
        assertThatThrownBy(() -> parse(body))
                .isInstanceOfSatisfying(
                        ValidationException.class,
                        refusal -> assertThat(refusal.status()).isEqualTo(status))
                .hasMessage(error);
    }
}
