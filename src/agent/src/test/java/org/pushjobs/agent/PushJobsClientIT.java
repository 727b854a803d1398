package org.pushjobs.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushjobs.agent.fake.FakeServer;
import org.pushjobs.agent.fake.SecretFile;
import org.pushjobs.agent.fake.Until;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.protocol.message.AgentMessage.AckCommit;
import org.pushjobs.protocol.message.AgentMessage.AckRun;
import org.pushjobs.protocol.message.AgentMessage.Heartbeat;
import org.pushjobs.protocol.message.AgentMessage.NackCommit;
import org.pushjobs.protocol.message.JobSpec;
import org.pushjobs.protocol.message.ServerMessage;

/** The program as a process of its own. */
class PushJobsClientIT {
    private static final KeyPair CLIENT_KEYS = PemKeys.generate();

    @TempDir
    private Path directory;

    private final FakeServer server = new FakeServer((RSAPublicKey) CLIENT_KEYS.getPublic());
    private Optional<Process> program = Optional.empty();

    @AfterEach
    void stop() {
        program.ifPresent(Process::destroyForcibly);
        server.close();
    }

    private Process start(String... options) throws IOException {
        return start(List.of(), options);
    }

    private Process start(List<String> jvmOptions, String... options) throws IOException {
        // a shell gives its background jobs an ignored INT, nohup an ignored HUP, and Java leaves that as it is
        List<String> command = new ArrayList<>(List.of(
                "/usr/bin/env",
                "--default-signal=INT,HUP",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED"));
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), PushJobsClient.class.getName()));
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output().toFile())
                .start();
        program = Optional.of(process);
        return process;
    }

    private Path output() {
        return directory.resolve("output");
    }

    private String awaitOutput(Process process) throws Exception {
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return Files.readString(output());
    }

    private Process startAgent(String... options) throws IOException {
        server.start();
        Path key = SecretFile.write(
                directory.resolve("client.pem"), PemKeys.toPem((RSAPrivateKey) CLIENT_KEYS.getPrivate()));
        Path config = Files.writeString(
                directory.resolve("push-jobs-client.json"),
                "{\"chef_server_url\": \"http://127.0.0.1:1/organizations/other\", \"client_key\": \"" + key
                        + "\", \"file_dir\": \"" + directory
                        + "/files\", \"whitelist\": {\"long\": \"trap '' TERM; echo $$ > " + directory
                        + "/pid; sleep 1000; sleep 1000\"}}");
        List<String> all = new ArrayList<>(
                List.of("-c", config.toString(), "-S", server.url(), "-N", FakeServer.NODE, "-l", "debug"));
        all.addAll(List.of(options));
        Process process = start(all.toArray(String[]::new));
        server.await(Heartbeat.class);
        return process;
    }

    private long runLongJob() {
        server.send(new ServerMessage.Commit("1", "fake", JobSpec.of("long")));
        server.await(AckCommit.class);
        server.send(new ServerMessage.Run("1"));
        server.await(AckRun.class);
        Until.isTrue("command wrote its process id", () -> pid().isPresent());
        return pid().orElseThrow();
    }

    private Optional<Long> pid() {
        try {
            return Optional.of(Files.readString(directory.resolve("pid")))
                    .filter(text -> text.endsWith("\n"))
                    .map(text -> Long.parseLong(text.strip()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static void signal(Process process, String name) throws Exception {
        new ProcessBuilder("kill", "-s", name, "" + process.pid()).start().waitFor();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void signalStopsTheProgramAndItsCommandWithinTenSeconds(String signal) throws Exception {
        Process process = startAgent();
        long command = runLongJob();

        signal(process, signal);

        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(ProcessHandle.of(command).filter(ProcessHandle::isAlive)).isEmpty();
        assertThat(Files.readString(output(), StandardCharsets.UTF_8))
                .contains("the agent has stopped [node: " + FakeServer.NODE + "]");
    }

    @Test
    void usr1FetchesTheConfigurationAgain() throws Exception {
        Process process = startAgent();

        signal(process, "USR1");

        Until.isTrue("second fetch", () -> server.fetches() == 2);
        assertThat(process.isAlive()).isTrue();
    }

    @Test
    void wrongSettingsAreToldAllAtOnce() throws Exception {
        Process process = start("-S", "https://chef", "-k", directory + "/none.pem", "-l", "loud", "-M", "0");

        assertThat(awaitOutput(process))
                .contains("--server must end in /organizations/ORG")
                .contains("--client_key cannot be read")
                .contains("--log_level must be debug, info, warn, error or fatal, is loud")
                .contains("--max-body-size must be a whole number of bytes above 0, is the number 0");
        assertThat(process.exitValue()).isEqualTo(1);
    }

    @Test
    void logGoesToItsFile() throws Exception {
        Path log = directory.resolve("client.log");
        Path key = SecretFile.write(
                directory.resolve("client.pem"), PemKeys.toPem((RSAPrivateKey) CLIENT_KEYS.getPrivate()));
        start(
                "-S",
                server.url(),
                "-k",
                key.toString(),
                "-N",
                "web-1",
                "-L",
                log.toString(),
                "-d",
                directory + "/files");

        Until.isTrue("failed fetch is logged", () -> contains(log, "WARN  [agent-web-1] ConfigDesk"));

        assertThat(Files.readString(log)).contains("the agent starts [node: web-1, server: " + server.url() + "]");
        assertThat(output()).isEmptyFile();
    }

    @Test
    void logFileThatCannotBeWrittenIsToldOf() throws Exception {
        Path key = SecretFile.write(
                directory.resolve("client.pem"), PemKeys.toPem((RSAPrivateKey) CLIENT_KEYS.getPrivate()));
        Process process = start("-S", server.url(), "-k", key.toString(), "-L", directory + "/none/client.log");

        assertThat(awaitOutput(process))
                .contains("the log file cannot be written")
                .contains("none/client.log");
        assertThat(process.exitValue()).isEqualTo(1);
    }

    @Test
    void directoryThatAnotherAgentUsesIsAnErrorAtTheStart() throws Exception {
        Process first = startAgent();
        try {
            Files.move(output(), directory.resolve("output of the first"));

            Process second = start("-c", directory + "/push-jobs-client.json", "-S", server.url(), "-N", "web-2");

            assertThat(awaitOutput(second))
                    .endsWith(
                            "push-jobs-client: file_dir " + directory + "/files cannot be used: another agent uses it,"
                                    + " give each one of its own; change that, or set file_dir in the configuration file or by"
                                    + " --file_dir\n");
            assertThat(second.exitValue()).isEqualTo(1);
            assertThat(first.isAlive()).isTrue();
        } finally {
            first.destroyForcibly();
        }
    }

    private static boolean contains(Path file, String text) {
        try {
            return Files.readString(file).contains(text);
        } catch (IOException e) {
            return false;
        }
    }

    private List<String> rubyHome() {
        return List.of("-Dpushjobs.rubyconfig.home="
                + Path.of("..", "rubyconfig", "target", "evaluator").toAbsolutePath());
    }

    private void replace(Path file, String content) throws IOException {
        Files.move(SecretFile.write(directory.resolve("new"), content), file, StandardCopyOption.ATOMIC_MOVE);
    }

    private void commit(String id, String command) {
        server.send(new ServerMessage.Commit(id, "fake", JobSpec.of(command)));
    }

    @Test
    void changedWhitelistInRubyCountsWithoutARestartAndABrokenOneLeavesTheOldInForce() throws Exception {
        // given: an agent with a file in Ruby syntax
        server.start();
        Path key = SecretFile.write(
                directory.resolve("client.pem"), PemKeys.toPem((RSAPrivateKey) CLIENT_KEYS.getPrivate()));
        Path config = directory.resolve("push-jobs-client.rb");
        String start = "chef_server_url '" + server.url() + "'\nclient_key '" + key + "'\nnode_name '" + FakeServer.NODE
                + "'\n";
        Files.writeString(config, start + "whitelist(/^old (\\d)$/ => 'test \\1 = 1')\n");
        Process process = start(rubyHome(), "-c", config.toString(), "-d", directory + "/files");
        server.await(Heartbeat.class);
        commit("1", "old 1");
        server.await(AckCommit.class);
        server.send(new ServerMessage.Abort());
        commit("2", "new 1");
        server.await(NackCommit.class);

        // when: the file changes
        replace(config, start + "whitelist(/^new (\\d)$/ => 'test \\1 = 1')\n");

        // then
        Until.isTrue(
                "change is noticed", () -> contains(output(), "took over changed settings [whitelist: 1 commands]"));
        server.received().clear();
        commit("3", "new 1");
        server.await(AckCommit.class);
        server.send(new ServerMessage.Abort());

        // and when: it is broken
        replace(config, start + "whitelist({'a' => )\n");

        // then
        Until.isTrue(
                "problem is told with file and line",
                () -> contains(
                        output(),
                        "the changed settings cannot be used, the old ones stay in force: " + config + ":4: syntax"));
        server.received().clear();
        commit("4", "new 1");
        server.await(AckCommit.class);

        // and when: somebody asks for another look, and the name has changed, too
        replace(config, start + "node_name 'other'\nwhitelist('a' => 'b', 'c' => 'd')\n");
        signal(process, "USR1");

        // then
        Until.isTrue(
                "setting that needs a restart is named",
                () -> contains(output(), "changed settings need a restart [settings: node_name]"));
        assertThat(process.isAlive()).isTrue();
    }

    private Path configFile(String name, String text) throws IOException {
        Path key = SecretFile.write(
                directory.resolve("client.pem"), PemKeys.toPem((RSAPrivateKey) CLIENT_KEYS.getPrivate()));
        return Files.writeString(
                directory.resolve(name),
                "chef_server_url '" + server.url() + "'\nclient_key '" + key + "'\nnode_name '" + FakeServer.NODE
                        + "'\nfile_dir '" + directory + "/files'\n" + text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HUP", "USR1"})
    void signalOpensARenamedLogFileAnewAndDoesNotEndTheProgram(String signal) throws Exception {
        Path log = directory.resolve("client.log");
        Process process = startAgent("-L", log.toString());
        Path renamed = Files.move(log, directory.resolve("client.log.1"));

        signal(process, signal);

        Until.isTrue("new file is written", () -> contains(log, "read the settings again, they are the same"));
        assertThat(contains(renamed, "the agent starts [node: ")).isTrue();
        assertThat(contains(renamed, "read the settings again")).isFalse();
        assertThat(process.isAlive()).isTrue();
    }

    @Test
    void hupReadsTheFileAgainWithoutAFetch() throws Exception {
        Process process = startAgent();

        signal(process, "HUP");

        Until.isTrue("file is read", () -> contains(output(), "read the settings again, they are the same"));
        assertThat(process.isAlive()).isTrue();
        assertThat(server.fetches()).isEqualTo(1);
    }

    @Test
    void rotatedKeyIsTakenAtTheNextFetch() throws Exception {
        Process process = startAgent();
        KeyPair rotated = PemKeys.generate();
        server.changeClientKey((RSAPublicKey) rotated.getPublic());
        replace(directory.resolve("client.pem"), PemKeys.toPem((RSAPrivateKey) rotated.getPrivate()));

        signal(process, "USR1");

        Until.isTrue("second fetch", () -> contains(output(), "[reason: somebody asked for it, command port:"));
        server.received().clear();
        server.await(Heartbeat.class);
        assertThat(contains(output(), "answered 401")).isFalse();
    }

    @Test
    void rotatedKeyIsNoticedWithoutASignal() throws Exception {
        startAgent();
        KeyPair rotated = PemKeys.generate();

        replace(directory.resolve("client.pem"), PemKeys.toPem((RSAPrivateKey) rotated.getPrivate()));

        Until.isTrue("key is taken over", () -> contains(output(), "took over changed settings"));
    }

    @Test
    void keyThatOthersMayUseIsTakenOnceItsModeIsPutRight() throws Exception {
        startAgent();
        Path key = directory.resolve("client.pem");
        String text = PemKeys.toPem((RSAPrivateKey) PemKeys.generate().getPrivate());
        Path open = SecretFile.write(directory.resolve("new"), text);
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));
        Files.move(open, key, StandardCopyOption.ATOMIC_MOVE);
        Until.isTrue("key is refused", () -> contains(output(), "run: chmod 600 " + key));

        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));

        Until.isTrue("key is taken over", () -> contains(output(), "took over changed settings"));
    }

    @Test
    void fileWhoseDirectoryOthersMayWriteIsTakenOnceThatIsPutRight() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root's files are looked at");
        startAgent();
        Path config = directory.resolve("push-jobs-client.json");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.writeString(config, Files.readString(config).replace("{\"long\"", "{\"more\": \"true\", \"long\""));
        Until.isTrue("file is refused", () -> contains(output(), "run: chmod go-w " + directory));
        assertThat(contains(output(), "took over changed settings")).isFalse();

        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));

        Until.isTrue("file is taken over", () -> contains(output(), "took over changed settings [whitelist: 2"));
    }

    @Test
    void newFileInADirectoryThatTheFileLooksIntoIsNoticed() throws Exception {
        // given: a directory in which nothing is yet
        server.start();
        Path more = Files.createDirectory(directory.resolve("client.d"));
        Path config = configFile(
                "client.rb", "Dir.glob(File.join(__dir__, 'client.d', '*.rb')).sort.each { |file| from_file file }\n");
        start(rubyHome(), "-c", config.toString());
        server.await(Heartbeat.class);

        // when
        Files.writeString(more.resolve("web.rb"), "whitelist('restart web' => 'true', 'b' => 'c')\n");

        // then
        Until.isTrue("file is noticed", () -> contains(output(), "took over changed settings [whitelist: 2 commands]"));

        // and when: it goes away
        Files.delete(more.resolve("web.rb"));

        // then
        Until.isTrue("that, too", () -> contains(output(), "took over changed settings [whitelist: 1 commands]"));
    }

    @Test
    void fileThatLooksIntoADirectoryOfEverybodyIsRefusedToRoot() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root's files are looked at");
        Path more = Files.createDirectory(directory.resolve("client.d"));
        Files.setAttribute(more, "unix:mode", 01777);
        Path config =
                configFile("client.rb", "Dir.glob(File.join(__dir__, 'client.d', '*.rb')) { |file| from_file file }\n");

        Process process = start(rubyHome(), "-c", config.toString());

        assertThat(awaitOutput(process))
                .isEqualTo(
                        "push-jobs-client: somebody besides root could change what this agent runs as root by " + more
                                + ": everybody may make files in " + more
                                + "; have it look into a directory of root's; or allow that"
                                + " by --allow_writable_config\n");
        assertThat(process.exitValue()).isEqualTo(1);
    }

    @Test
    void checkTellsWhatWasReadFromWhereAndWarnsOfTypos() throws Exception {
        Path config = configFile(
                "client.rb",
                "whitelst('a' => 'b')\nhttp_proxy 'http://me:secret@proxy:1'\nhttps_proxy_pass 'secret'\n"
                        + "whitelist('restart web' => 'systemctl restart nginx',"
                        + " /^converge (\\w+)$/ => { command_line: 'chef-client -o \\1', lock: '/var/lock/chef' })\n");

        Process process = start(rubyHome(), "-c", config.toString(), "-l", "debug", "--check-config");

        assertThat(awaitOutput(process))
                .contains("warning: " + config + ":5: whitelst is no setting of push-jobs-client and is passed over; is"
                        + " whitelist meant?")
                .contains(
                        "the settings can be used",
                        "  read: " + config,
                        "  looked at, too: " + directory + "/client.pem")
                .contains("chef_server_url: " + server.url() + "   (" + config + ":1: chef_server_url)")
                .contains("log_level: debug   (--log_level)")
                .contains("http_proxy: http://(not shown)@proxy:1   (" + config + ":6: http_proxy)")
                .contains("'restart web' => 'systemctl restart nginx'")
                .contains(" => 'chef-client -o \\1'   (lock: /var/lock/chef)")
                .doesNotContain("secret")
                .doesNotContain("the agent starts");
        assertThat(process.exitValue()).isZero();
    }

    @Test
    void commandIsExplained() throws Exception {
        Path config = configFile("client.rb", "whitelist(/^converge (\\w+)$/ => 'chef-client -o \\1')\n");

        Process permitted = start(rubyHome(), "-c", config.toString(), "--explain", "converge web");
        assertThat(awaitOutput(permitted)).isEqualTo("'converge web' runs: chef-client -o web\n");
        assertThat(permitted.exitValue()).isZero();

        Process refused = start(rubyHome(), "-c", config.toString(), "--explain", "rm -rf /");
        assertThat(awaitOutput(refused))
                .isEqualTo("'rm -rf /' is refused: the command is not in the whitelist: rm -rf /\n");
        assertThat(refused.exitValue()).isEqualTo(1);
    }

    private void commitWith(String id, Map<String, String> variables) {
        server.send(new ServerMessage.Commit(
                id,
                "fake",
                new JobSpec(
                        "restart",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(variables),
                        Optional.empty(),
                        false)));
    }

    @Test
    void dangerousVariableIsRefusedUntilTheFileAllowsItAndThatIsSaidAtTheStart() throws Exception {
        server.start();
        Path config = configFile("client.rb", "whitelist('restart' => 'true')\n");
        start(rubyHome(), "-c", config.toString());
        server.await(Heartbeat.class);
        commitWith("1", Map.of("BASH_ENV", "$(id)"));
        server.await(NackCommit.class);
        assertThat(contains(output(), "a job may not set the environment variable BASH_ENV, as it has a shell"))
                .isTrue();
        assertThat(contains(output(), "allow_dangerous_env:")).isFalse();

        Files.writeString(config, Files.readString(config) + "allow_dangerous_env true\n");

        Until.isTrue(
                "danger is told",
                () -> contains(
                        output(),
                        "jobs may set any environment variable, so who starts jobs can run anything here, whatever the whitelist"
                                + " says [allow_dangerous_env: true]"));
        commitWith("2", Map.of("BASH_ENV", "$(id)"));
        server.await(AckCommit.class);

        program.orElseThrow().destroyForcibly().onExit().join();
        start(rubyHome(), "-c", config.toString());
        Until.isTrue("danger is told at the start, too", () -> contains(output(), "[allow_dangerous_env: true]"));
    }

    @Test
    void unknownNameOfTheServerEndsNothingUntilTheProgramIsTold() throws Exception {
        server.advertise("no-such-host.invalid");
        server.start();
        Path config = configFile("client.json", "");
        replace(
                config,
                "{\"chef_server_url\": \"" + server.url() + "\", \"client_key\": \"" + directory.resolve("client.pem")
                        + "\", \"node_name\": \"" + FakeServer.NODE + "\", \"file_dir\": \"" + directory + "/files\"}");
        Process process = start("-c", config.toString());
        String told = "cannot connect to " + server.heartbeatAddress() + ": unknown host";
        Until.isTrue("cause is told", () -> contains(output(), told));

        signal(process, "USR1");

        Until.isTrue("another fetch", () -> server.fetches() >= 2);
        assertThat(process.isAlive()).isTrue();
        assertThat(Files.readString(output()).split(Pattern.quote(told), -1)).hasSize(2);
        signal(process, "TERM");
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    /** A file in the place of the name service: the names that are not in it are unknown. */
    private Path names(String... lines) throws IOException {
        return Files.write(directory.resolve("names"), List.of(lines));
    }

    @Test
    void machineWhoseNameTheNameServiceDoesNotKnowIsCalledAsTheKernelDoes() throws Exception {
        Path config = configFile("client.json", "");
        replace(
                config,
                "{\"chef_server_url\": \"" + server.url() + "\", \"client_key\": \"" + directory.resolve("client.pem")
                        + "\"}");

        Process process = start(
                List.of("-Djdk.net.hosts.file=" + names("127.0.0.1 other")), "-c", config.toString(), "--check-config");

        assertThat(awaitOutput(process))
                .contains("node_name: "
                        + Files.readString(Path.of("/proc/sys/kernel/hostname")).strip()
                        + "   (not set, this machine's name)");
    }

    @Test
    void nameServiceThatIsBackIsNoticedWithinTwoIntervalsThoughNothingWasKnownAtTheStart() throws Exception {
        // given: neither the name of the server nor that of its ports is known
        Duration interval = Duration.ofSeconds(3);
        server.interval(interval.toSeconds());
        server.advertise("ports.example.com").start();
        Path config = configFile("client.json", "");
        replace(
                config,
                "{\"chef_server_url\": \"" + server.url().replace("127.0.0.1", "push.example.com")
                        + "\", \"client_key\": \"" + directory.resolve("client.pem") + "\", \"node_name\": \""
                        + FakeServer.NODE + "\", \"file_dir\": \"" + directory + "/files\"}");
        Path names = names("127.0.0.1 other");
        Process process = start(List.of("-Djdk.net.hosts.file=" + names), "-c", config.toString());
        Until.isTrue("unknown server is told", () -> contains(output(), "cause: unknown host]"));

        // when: the first is
        names("127.0.0.1 push.example.com");

        // then
        Until.isTrue(
                "unknown port is told",
                () -> contains(output(), "cannot connect to " + server.heartbeatAddress() + ": unknown host"));
        long threads = threads(process);

        // and when: the other one, too
        names("127.0.0.1 push.example.com ports.example.com");

        // then
        assertThat(Until.within(
                        interval.multipliedBy(2), () -> !server.received().isEmpty()))
                .as("heartbeat within two intervals")
                .isTrue();
        assertThat(process.isAlive()).isTrue();
        Until.isTrue("as many threads as before", () -> threads(process) <= threads + 4);
    }

    private static long threads(Process process) {
        return Optional.ofNullable(
                        Path.of("/proc/" + process.pid() + "/task").toFile().list())
                .map(names -> names.length)
                .orElse(0);
    }

    @Test
    void brokenFileIsToldWithItsLineAtTheStart() throws Exception {
        Path config = Files.writeString(directory.resolve("client.rb"), "node_name 'x'\n\nwhitelist({'a' => )\n");

        Process process = start(rubyHome(), "-c", config.toString());

        assertThat(awaitOutput(process)).startsWith("push-jobs-client: " + config + ":3: syntax error");
        assertThat(process.exitValue()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-d", "--file_dir", "-file_dir"})
    void documentedNamesOfOptionsAreUnderstood(String fileDir) throws Exception {
        Process process = start(fileDir, "relative", "--client-key", directory + "/a.pem", "--node-name", "x");

        assertThat(awaitOutput(process))
                .contains(Files.exists(Path.of("/etc/chef/client.rb")) ? "" : "chef_server_url is missing")
                .contains("--file_dir must be an absolute path")
                .contains("--client_key cannot be read");
    }

    @Test
    void unknownOptionIsRefused() throws Exception {
        Process process = start("--colour");

        assertThat(awaitOutput(process)).contains("Unknown option: '--colour'");
        assertThat(process.exitValue()).isEqualTo(2);
    }

    @Test
    void helpAndVersionArePrinted() throws Exception {
        assertThat(awaitOutput(start("-h"))).contains("--allow_unencrypted", "--file_dir", "--client-key");
        assertThat(awaitOutput(start("-v"))).matches("push-jobs-client [0-9].*\n");
    }
}
