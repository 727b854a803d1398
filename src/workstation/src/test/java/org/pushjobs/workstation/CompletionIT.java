package org.pushjobs.workstation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What shells complete: the words that the program offers, and the shells that are installed asking for them. */
class CompletionIT {
    private static final String FIRST = "0123456789ab0123456789abcdef0001";
    private static final String SECOND = "0123456789ab0123456789abcdef0002";
    private static final Duration LONGER_THAN_NAMES_ARE_FRESH = Duration.ofSeconds(61);

    @TempDir
    private Path home;

    private Workstation workstation;

    @BeforeEach
    void startServer() throws Exception {
        workstation = new Workstation(home);
        workstation.server().answer("GET node_states", 200, """
                        [{"node_name":"web-1","availability":"available"},{"node_name":"web-2","availability":"unavailable"},
                         {"node_name":"db-1","availability":"available"}]""").answer("GET jobs", 200, """
                        [{"id":"%s","status":"complete"},{"id":"%s","status":"running"}]""".formatted(FIRST, SECOND));
        Files.createDirectories(home.resolve(".chef"));
        Files.writeString(home.resolve(".chef/credentials"), "[default]\n[staging]\n[\"two words\"]\n");
    }

    @AfterEach
    void stopServer() {
        workstation.close();
    }

    /** @param line with a | for each word's end; what is after the last one is to be completed */
    private List<String> words(String line) {
        String[] words = Stream.concat(Stream.of("__complete"), Arrays.stream(line.split("\\|", -1)))
                .toArray(String[]::new);
        Workstation.Result result = workstation.run(words);
        assertThat(result.err()).isEmpty();
        assertThat(result.exitCode()).isZero();
        return result.out().lines().toList();
    }

    @ParameterizedTest
    @CsvSource({
        "'', 'completion config doctor job node whoami'",
        "jo, job",
        "push|jobs|no, node",
        "job|st, 'start status'",
        "node|, status",
        "nonsense|, ''",
        "job|list|--st, --status",
        "job|list|--status|qu, quorum_failed",
        "job|list|--status|=|qu, quorum_failed",
        "job|list|-F|, 'json jsonl pp text yaml'",
        "completion|, 'bash fish zsh'",
        "node|status|-o|w, wide",
        "node|status|--profile|, 'default staging two words'",
        "node|status|, 'db-1 web-1 web-2'",
        "node|status|web-1|web, 'web-1 web-2'",
        "job|list|--node|d, db-1",
        "job|start|chef-client|web, 'web-1 web-2'",
        "job|start|-q|50%|chef-client|db, db-1",
        "job|start|, ''",
        "job|status|, '" + FIRST + " " + SECOND + " last'",
        "job|watch|l, last",
        "job|output|" + FIRST + "|d, db-1"
    })
    void wordsAreThoseThatFit(String line, String words) {
        assertThat(String.join(" ", words(line))).isEqualTo(words);
    }

    @Test
    void hiddenOptionsAreNotOffered() {
        assertThat(words("node|status|--")).contains("--why", "--format").doesNotContain("--print-after");
    }

    // ---- names that are remembered

    private long requests() {
        return workstation.server().received().size();
    }

    @Test
    void namesAreAskedForOnceAMinute() throws Exception {
        words("node|status|");
        words("node|status|web");
        assertThat(requests()).isOne();

        workstation.pass(LONGER_THAN_NAMES_ARE_FRESH);
        words("node|status|");
        assertThat(requests()).isEqualTo(2);
    }

    @Test
    void namesOfAnotherServerOrUserAreOthers() {
        words("node|status|");
        words("node|status|--profile|staging|");
        words("node|status|-u|bob|");

        assertThat(requests()).isEqualTo(3);
    }

    @Test
    void rememberedNamesServeWhereTheServerDoesNot() {
        words("node|status|");
        workstation.server().close();
        workstation.pass(LONGER_THAN_NAMES_ARE_FRESH);

        assertThat(words("node|status|d")).containsExactly("db-1");
    }

    @Test
    void nobodyElseCanReadWhatIsRemembered() throws Exception {
        workstation
                .environment()
                .put("XDG_CACHE_HOME", home.resolve("elsewhere").toString());

        words("node|status|");

        Path cache = home.resolve("elsewhere/pushjobs");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(cache)))
                .isEqualTo("rwx------");
        try (Stream<Path> files = Files.list(cache)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .singleElement()
                    .asString()
                    .startsWith("nodes-");
        }
    }

    @Test
    void withoutSettingsOrPlaceToRememberThereIsStillNoNoise() throws Exception {
        Files.writeString(home.resolve(".cache"), "no directory");
        assertThat(words("node|status|d")).containsExactly("db-1");

        workstation.environment().clear();
        Files.delete(home.resolve(".chef/credentials"));
        assertThat(words("node|status|")).isEmpty();
        assertThat(words("node|status|--profile|")).isEmpty();
    }

    // ---- real shells

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    bash | COMP_WORDS=(pushjobs job sta) COMP_CWORD=2; _complete_pushjobs; printf '%s\\n' "${COMPREPLY[@]}"
                    zsh  | words=(pushjobs job sta) CURRENT=3; _complete_pushjobs
                    fish | complete -C 'pushjobs job sta'
                    """)
    void shellAsksForTheWords(String shell, String question) throws Exception {
        assertThat(inShell(shell, question)).containsExactly("start", "status");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    bash | COMP_WORDS=(pushjobs node status '') COMP_CWORD=3; _complete_pushjobs; printf '%s\\n' "${COMPREPLY[@]}"
                    zsh  | words=(pushjobs node status '') CURRENT=4; _complete_pushjobs
                    fish | complete -C 'pushjobs node status '
                    """)
    void shellGetsNamesOfNodes(String shell, String question) throws Exception {
        assertThat(inShell(shell, question)).contains("db-1", "web-1", "web-2");
    }

    private List<String> inShell(String shell, String question) throws Exception {
        boolean installed = Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, shell)));
        assumeTrue(installed || shell.equals("bash"), shell + " is not installed");
        String source = switch (shell) {
            case "bash" -> "source <(pushjobs completion bash)\n";
            // Outside of its line editor zsh has no compadd.
            case "zsh" -> "compdef() { : }; compadd() { print -l -- $candidates }\nsource <(pushjobs completion zsh)\n";
            default -> "pushjobs completion fish | source\n";
        };
        Path script = Files.writeString(home.resolve("script"), source + question + "\n");
        Map<String, String> environment = new HashMap<>(workstation.environment());
        environment.put("HOME", home.toString());
        Program.Result result =
                new Program(home, environment).run(shell + (shell.equals("zsh") ? " -f " : " ") + script);
        assertThat(result.exitCode()).as(result.output()).isZero();
        return result.output().lines().sorted().toList();
    }

    @Test
    void scriptIsForTheNameUnderWhichTheProgramIsCalled() {
        assertThat(workstation.runAs("knife-push", "completion", "bash").out())
                .contains("complete -o default -F _complete_knife_push knife-push\n");
    }
}
