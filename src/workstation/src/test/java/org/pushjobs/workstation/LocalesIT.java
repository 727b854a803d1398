package org.pushjobs.workstation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushjobs.agent.PushJobsClient;
import org.pushjobs.server.PushJobsServer;

/**
 * The real launchers under four locales: text arrives byte for byte whatever the locale is. Everything that has a name has one
 * that is not ASCII.
 */
class LocalesIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration DEADLINE = Duration.ofSeconds(120);
    private static final List<Process> PROCESSES = new ArrayList<>();
    /** Of two, three and four bytes, and what a wildcard and a decoder could make of them. */
    private static final String TEXT = "gr\u00f6\u00df\u00e9 \u20ac \u2603 \ud83d\ude00 ? * \ufffd";

    /** How a program is started. */
    enum Locale {
        UTF_8("web-utf8", Map.of("LC_ALL", "C.UTF-8")),
        POSIX("web-c", Map.of("LC_ALL", "C")),
        NONE("web-none", Map.of()),
        NOT_INSTALLED("web-missing", Map.of("LC_ALL", "xx_XX.UTF-8"));

        private final String node;
        private final Map<String, String> variables;

        Locale(String node, Map<String, String> variables) {
            this.node = node;
            this.variables = variables;
        }
    }

    @TempDir
    private static Path temporary;

    private static Path home;
    private static Checkout checkout;
    private static String url;

    @BeforeAll
    static void start() throws Exception {
        home = Files.createDirectories(temporary.resolve("d\u00e9p\u00f4t"));
        checkout = Checkout.in(temporary.resolve("checkout-\u00f6"));
        write("server-\u00f6.json", """
                {"server_name_advertised": "127.0.0.1", "api_listen_address": "127.0.0.1", "api_port": 0,
                 "server_heartbeat_port": 0, "command_port": 0, "management_port": 0, "heartbeat_interval": 500,
                 "database": "embedded", "data_directory": "HOME/base-\u00f6", "secrets_file": "HOME/secrets-\u00f6.json"}""");
        write("directory-\u00f6.json", """
                {"organisations": [{"name": "acme",
                  "users": [{"name": "alice", "admin": true, "key_out": "HOME/alice-\u00f6.pem"}],
                  "clients": [{"name": "web-utf8", "key_out": "HOME/web-utf8-\u00f6.pem"},
                              {"name": "web-c", "key_out": "HOME/web-c-\u00f6.pem"},
                              {"name": "web-none", "key_out": "HOME/web-none-\u00f6.pem"},
                              {"name": "web-missing", "key_out": "HOME/web-missing-\u00f6.pem"}]}]}""");
        String config = path("server-\u00f6.json");
        Process imported = launch(
                Locale.NOT_INSTALLED,
                "import",
                "pushjobs-server",
                "--config",
                config,
                "directory",
                "import",
                path("directory-\u00f6.json"));
        assertThat(imported.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(imported.exitValue()).as(log("import")).isZero();
        keep(launch(
                Locale.NONE,
                "server",
                "pushjobs-server",
                "--config",
                config,
                "--ready-file",
                path("ready-\u00f6.json")));
        await("the server is ready", () -> Files.exists(Path.of(path("ready-\u00f6.json"))));
        url = "http://127.0.0.1:"
                + JSON.readTree(Path.of(path("ready-\u00f6.json")).toFile())
                        .path("api_port")
                        .asInt() + "/organizations/acme";
        for (Locale locale : Locale.values()) {
            startAgent(locale);
        }
        for (Locale locale : Locale.values()) {
            await(
                    locale.node + " is available",
                    () -> pushjobs(locale, "node", "status", locale.node).equals(locale.node + "\tavailable\n"));
        }
    }

    private static void startAgent(Locale locale) throws IOException {
        String directory = path("g-" + locale.node);
        Files.createDirectories(Path.of(directory));
        Path config = home.resolve(locale.node + "-\u00f6.json");
        JSON.writeValue(
                config.toFile(),
                Map.of(
                        "chef_server_url", url,
                        "node_name", locale.node,
                        "client_key", path(locale.node + "-\u00f6.pem"),
                        "file_dir", path("files-\u00f6-" + locale.node),
                        "log_location", path("log-\u00f6-" + locale.node),
                        "whitelist",
                                Map.of(
                                        "l\u00f6sche", "rm " + directory + "/gr\u00f6*",
                                        "zeige",
                                                "pwd; printf '%s\\n' \"$TEXT\" \"${LC_ALL-keine}\" \"${PUSHJOBS_LC_ALL-keine}\";"
                                                        + " printf '%s' \"$RAW\" | od -An -tx1; cat \"$CHEF_PUSH_JOB_FILE\"")));
        keep(launch(locale, locale.node, "push-jobs-client", "-c", config.toString()));
    }

    @AfterAll
    static void stop() throws InterruptedException {
        for (Process process : PROCESSES.reversed()) {
            process.destroy();
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        }
    }

    private static void keep(Process process) {
        PROCESSES.add(process);
    }

    private static String path(String name) {
        return home.resolve(name).toString();
    }

    private static void write(String name, String content) throws IOException {
        Files.writeString(home.resolve(name), content.replace("HOME", home.toString()));
    }

    private static String log(String name) throws IOException {
        return Files.readString(home.resolve(name + ".log"), StandardCharsets.ISO_8859_1);
    }

    /** With nothing in the environment but the locale, and a variable whose bytes are not UTF-8. */
    private static Process launch(Locale locale, String log, String program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "/bin/sh",
                "-c",
                "RAW=$(printf '\\366\\377'); export RAW; exec \"$0\" \"$@\"",
                checkout.launcher(program)));
        command.addAll(List.of(arguments));
        return start(locale, log, command);
    }

    private static Process start(Locale locale, String log, List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(home.resolve(log + ".log").toFile());
        Map<String, String> environment = new HashMap<>(Map.of(
                "PATH", System.getenv("PATH"),
                "HOME", home.toString(),
                "JAVA_HOME", System.getProperty("java.home"),
                "PUSHJOBS_USER", "alice",
                "PUSHJOBS_KEY", path("alice-\u00f6.pem")));
        if (url != null) {
            environment.put("PUSHJOBS_SERVER_URL", url);
        }
        environment.putAll(locale.variables);
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder.start();
    }

    /** What it writes in the end. */
    private static String pushjobs(Locale locale, String... arguments) throws Exception {
        Process process = launch(locale, "pushjobs", "pushjobs", arguments);
        assertThat(process.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        // A shell that is started in a locale that is not installed says so.
        return Files.readString(home.resolve("pushjobs.log"))
                .lines()
                .filter(line -> !line.contains("cannot change locale"))
                .map(line -> line + "\n")
                .reduce("", String::concat);
    }

    private static void await(String what, Callable<Boolean> condition) throws Exception {
        Instant deadline = Instant.now().plus(DEADLINE);
        while (!condition.call()) {
            for (Process process : PROCESSES) {
                assertThat(process.isAlive())
                        .as("a process ended while waiting: %s", what)
                        .isTrue();
            }
            assertThat(Instant.now()).as(what).isBefore(deadline);
            LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
        }
    }

    @ParameterizedTest
    @EnumSource
    void commandRemovesTheFileThatItNamesAndNoOther(Locale locale) throws Exception {
        // given
        Path directory = home.resolve("g-" + locale.node);
        for (String name : List.of("gr\u00f6\u00dfe", "gr\u00fcn", "grau", "gr?", "gr\u00df")) {
            Files.createFile(directory.resolve(name));
        }

        // when
        String output = pushjobs(locale, "job", "start", "l\u00f6sche", locale.node);

        // then
        assertThat(output).contains("\ncommand: l\u00f6sche\nstatus:  complete\n");
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("gr\u00fcn", "grau", "gr?", "gr\u00df");
        }
    }

    /** What the command writes that shows what it got. */
    private static String show(Locale locale, Path directory, String file, String text) throws Exception {
        String started = pushjobs(
                locale,
                "job",
                "start",
                "--capture",
                "--in-dir",
                directory.toString(),
                "--file",
                file,
                "--with-env",
                JSON.writeValueAsString(Map.of("TEXT", text)),
                "zeige",
                locale.node);
        assertThat(started).contains("\nstatus:  complete\n");
        String id = started.replaceAll("(?s).*Job ID: ([0-9a-f]{32}).*", "$1");
        return pushjobs(locale, "job", "output", id, locale.node);
    }

    @ParameterizedTest
    @EnumSource
    void argumentsVariablesDirectoryFileAndOutputArriveByteForByte(Locale locale) throws Exception {
        // given
        Path directory = Files.createDirectories(home.resolve("Verzeichnis \u00fc \u2603 " + locale.node));
        Files.writeString(home.resolve("Datei-\u00f6"), "Inhalt: " + TEXT + "\n");

        // when
        String output = show(locale, directory, "Datei-\u00f6", TEXT);

        // then
        assertThat(output)
                .isEqualTo(directory + "\n" + TEXT + "\n" + locale.variables.getOrDefault("LC_ALL", "keine")
                        + "\nkeine\n f6 ff\nInhalt: " + TEXT + "\n");
    }

    /** The agent's launcher gives it little memory. */
    @Test
    void largestFileAndALargeVariableReachAnAgentWithTheMemoryThatItsLauncherGivesIt() throws Exception {
        // given
        String text = "gr\u00f6\u00dfe ".repeat(10_000);
        String file = "x".repeat(99_999) + "\n";
        Files.writeString(home.resolve("large"), file);

        // when
        String output = show(Locale.NONE, home, "large", text);

        // then
        assertThat(output).contains("\n" + text + "\n").endsWith("\n" + file);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pushjobs", "pushjobs-server", "push-jobs-client"})
    void argumentThatIsNotUtf8IsRefusedAndNotChanged(String program) throws Exception {
        // when
        Process process = start(
                Locale.NONE,
                "refused",
                List.of(
                        "/bin/sh",
                        "-c",
                        "exec \"$0\" node status --config \"$(printf 'gr\\366')\"",
                        checkout.launcher(program)));

        // then
        assertThat(process.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(log("refused")).contains(program + ": an argument is not text in UTF-8 and would be changed: gr");
        assertThat(process.exitValue()).isOne();
    }

    @ParameterizedTest
    @ValueSource(classes = {PushJobs.class, PushJobsServer.class, PushJobsClient.class})
    void programThatIsStartedWithoutItsLauncherInAnotherLocaleRefusesToGuess(Class<?> program) throws Exception {
        // when
        Process process = start(
                Locale.POSIX,
                "refused",
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        Checkout.classPath().stream()
                                .map(Path::toString)
                                .collect(Collectors.joining(File.pathSeparator)),
                        program.getName(),
                        "--help"));

        // then
        assertThat(process.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(log("refused")).contains("the locale's encoding is ANSI_X3.4-1968", "LC_ALL", "C.UTF-8");
        assertThat(process.exitValue()).isOne();
    }
}
