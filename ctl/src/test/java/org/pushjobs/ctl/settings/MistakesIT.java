package org.pushjobs.ctl.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.pushjobs.ctl.CtlException;
import org.pushjobs.ctl.testing.FakeMachine;

/** Each mistake in the settings is found, all at once, with its line and what to do. */
class MistakesIT {
    /** What is written, and what is said of it. */
    private record Mistake(String line, String message) {}

    private static final List<Mistake> MISTAKES = List.of(
            mistake(
                    "opscode_pushy_server['heartbeat_intervall'] = 1000",
                    "opscode_pushy_server['heartbeat_intervall'] is no setting; did you mean"
                            + " opscode_pushy_server['heartbeat_interval']?"),
            mistake(
                    "opscode_pushy_server['api_port'] = 'ten'",
                    "opscode_pushy_server['api_port'] is \"ten\" but must be a whole number from 0 to 65535, where 0 takes"
                            + " a free port; set it so, or remove it to have the default, 10003"),
            mistake(
                    "opscode_pushy_server['command_port'] = 70000",
                    "is 70000 but must be a whole number from 0 to 65535"),
            mistake("opscode_pushy_server['heartbeat_interval'] = 1", "is 1 but must be a whole number from 100 to"),
            mistake("opscode_pushy_server['down_threshold'] = '1.5'", "is \"1.5\" but must be a number from 0.01 to 1"),
            mistake("opscode_pushy_server['decay_window'] = 0", "is 0 but must be a number from 1 to 1000"),
            mistake(
                    "opscode_pushy_server['validate_client_node_name'] = 'yes'",
                    "is \"yes\" but must be true or false; set it so, or remove it to have the default, true"),
            mistake("opscode_pushy_server['zeromq_listen_address'] = '*'", "is \"*\" but must be tcp:// and *"),
            mistake("opscode_pushy_server['zmq_io_processes'] = 0", "is 0 but must be a whole number from 1 to 64"),
            mistake("opscode_pushy_server['max_body_size'] = '64k'", "is \"64k\" but must be a whole number from 1024"),
            mistake("opscode_pushy_server['db_pool_size'] = -1", "is -1 but must be a whole number from 1 to 1000"),
            mistake(
                    "opscode_pushy_server['server_name_advertised'] = 'tcp://push.example.com'",
                    "must be a host name or an IP address without scheme and port"),
            mistake(
                    "opscode_pushy_server['vip'] = 'push.example.com:10003'",
                    "must be a host name or an IP address without scheme, port and brackets"),
            mistake("opscode_pushy_server['enable'] = 'maybe'", "is \"maybe\" but must be true or false"),
            mistake(
                    "opscode_pushy_server['cluster_members'] = ['push-1']",
                    "is [\"push-1\"] but must be a list of members, HOST:PORT each"),
            mistake(
                    "postgresql['hosts'] = ['db-1', 'db 2']",
                    "must be a list of 1 to 8 database hosts, each HOST or HOST:PORT, such as"),
            mistake("opscode_pushy_server['dir'] = 'var/opt'", "is \"var/opt\" but must be the absolute path"),
            mistake(
                    "opscode_pushy_server['log_directory'] = '/var/log/my logs'",
                    "must be the absolute path of a directory, without blanks"),
            mistake(
                    "opscode_pushy_server['log_rotation']['file_maxbyte'] = 5000",
                    "opscode_pushy_server['log_rotation']['file_maxbyte'] is no setting; did you mean"
                            + " opscode_pushy_server['log_rotation']['file_maxbytes']?"),
            mistake(
                    "opscode_pushy_server['log_rotation']['num_to_keep'] = 1",
                    "is 1 but must be a whole number from 2 to 10000; set it so, or remove it to have the default, 10"),
            mistake(
                    "opscode_pushy_server['detect_offline_nodes_interval'] = 2.5",
                    "is 2.5 but must be a whole number from 1 to 1000"),
            mistake(
                    "opscode_pushy_server['secrets_file'] = '/etc/secrets.json'",
                    "is not set here: reconfigure decides it; remove it"),
            mistake(
                    "opscode_pushy_server['sql_user'] = 'pushy'",
                    "opscode_pushy_server['sql_user'] is no setting; did you mean postgresql['sql_user']?"),
            mistake(
                    "opscode_push_server['api_port'] = 10003",
                    "opscode_push_server is nothing that can be set here; did you mean opscode_pushy_server?"),
            mistake(
                    "config_lifetime 1000",
                    "config_lifetime is set for nobody; write opscode_pushy_server['config_lifetime'] = VALUE"),
            mistake(
                    "keep_alive_time = 15",
                    "keep_alive_time = … sets a variable of the file and nothing else; write"
                            + " opscode_pushy_server['keep_alive_time'] = VALUE"),
            mistake("bootstrap false", "bootstrap must be set member by member: bootstrap['NAME'] = VALUE"),
            mistake("postgresql['port'] = 0", "postgresql['port'] is 0 but must be a whole number from 1 to 65535"),
            mistake(
                    "postgresql['sql_ro_user'] = 'Robert\"; drop'",
                    "must be a name in PostgreSQL: a small letter or _, then small letters, digits, _ and -"),
            mistake("postgresql['database_name'] = :'1st'", "is \"1st\" but must be a name in PostgreSQL"),
            mistake("opscode_pushy_server['job_recovery'] = 'restart'", "is \"restart\" but must be resume or crash"),
            mistake(
                    "opscode_pushy_server['rehab_timer'] = { 'every' => 1 }",
                    "is a hash but must be a text, a number, true or false"),
            mistake("opscode_pushy_server['voting_timeout'] = /60/", "is the regular expression but must be a text"),
            mistake(
                    "push_jobs['api_port'] = 10003",
                    "push_jobs is nothing that can be set here; write opscode_pushy_server['api_port'] = VALUE"),
            mistake(
                    "node['pushy']['opscode-pushy-server']['vip'] = 'push.example.com'",
                    "node is nothing that can be set here; write opscode_pushy_server['vip'] = VALUE"),
            mistake("postgresql['passwort'] = 'secret-of-mine'", "postgresql['passwort'] is no setting; remove it"));

    private static List<String> problems;
    private static Path file;

    private static Mistake mistake(String line, String message) {
        return new Mistake(line, message);
    }

    @BeforeAll
    static void evaluateOnce(@TempDir Path root) throws InterruptedException {
        FakeMachine machine = FakeMachine.empty(root);
        file = machine.layout().settings();
        machine.settings(MISTAKES.stream().map(Mistake::line).toArray(String[]::new));
        try {
            new InstallationReader(machine.layout(), () -> FakeMachine.NAME).read();
            problems = List.of();
        } catch (CtlException e) {
            problems = e.problems();
        }
    }

    static Stream<Integer> lines() {
        return IntStream.rangeClosed(1, MISTAKES.size()).boxed();
    }

    @ParameterizedTest
    @MethodSource("lines")
    void mistakeIsNamedWithItsLineAndWhatToDo(int line) {
        assertThat(problems.get(line - 1))
                .as(MISTAKES.get(line - 1).line())
                .startsWith(file + ":" + line + ": ")
                .contains(MISTAKES.get(line - 1).message());
    }

    @Test
    void nothingElseIsSaidAndNoPasswordIsQuoted() {
        assertThat(problems).hasSameSizeAs(MISTAKES).noneMatch(problem -> problem.contains("secret-of-mine"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "opscode_pushy_server['api_port' = 1|1|syntax error",
                "a = 1;opscode_pushy_server['api_port'] = String.prot|2|prot",
                "opscode_pushy_server['api_port'] = 1 / 0|1|divided by 0",
                ";;raise 'not here'|3|not here",
                ";default['pushy']['api_port'] = 1|2|this is how cookbooks set attributes: here write",
                "opscode_pushy_server[api_port] = 1|1|put the name into quotation marks: opscode_pushy_server['NAME'] = VALUE",
                "exit 0|1|the file ends the program",
                "opscode_pushy_server[\u2018vip\u2019] = 1|1|\u2018vip\u2019 is no text: in Ruby only ' and \" are quotation marks",
                "=begin|1|embedded document meets end of file",
                "opscode_pushy_server['server_name'] = 'a';opscode_pushy_server['server_name_advertised'] = 'b'|2|was set"
                        + " before, as opscode_pushy_server['server_name'] in line 1; keep one of them"
            })
    void brokenFileIsNamedWithItsLine(String lines, int line, String message, @TempDir Path root) {
        FakeMachine machine = FakeMachine.empty(root);
        machine.settings(lines.split(";"));

        assertThatThrownBy(() -> new InstallationReader(machine.layout(), () -> FakeMachine.NAME).read())
                .isInstanceOf(CtlException.class)
                .hasMessageContaining(machine.layout().settings() + ":" + line + ": ")
                .hasMessageContaining(message);
    }

    private static String refused(FakeMachine machine) {
        return catchThrowableOfType(
                        CtlException.class,
                        () -> new InstallationReader(machine.layout(), () -> FakeMachine.NAME).read())
                .getMessage();
    }

    @Test
    void whatIsNoFileIsNotTakenForOneThatIsMissing(@TempDir Path root) throws Exception {
        FakeMachine machine = FakeMachine.empty(root);
        Path settings = machine.layout().settings();
        Files.createDirectories(settings.getParent());

        Files.createSymbolicLink(settings, Path.of("/nowhere/settings.rb"));
        assertThat(refused(machine))
                .isEqualTo(
                        settings + " is no file but a link to /nowhere/settings.rb, which is not there; put a file of"
                                + " settings there, or take it away to have the defaults");
        Files.delete(settings);
        Files.createDirectory(settings);
        assertThat(refused(machine)).contains("is no file but a directory or something else");
    }

    @Test
    void textInAnotherEncodingIsNamedWithItsLine(@TempDir Path root) throws Exception {
        FakeMachine machine = FakeMachine.empty(root);
        machine.settings("");
        Files.writeString(
                machine.layout().settings(),
                "\nopscode_pushy_server['vip'] = 'm\u00fcller'\n",
                StandardCharsets.ISO_8859_1);

        assertThat(refused(machine))
                .startsWith(machine.layout().settings() + ":2: ")
                .contains("invalid multibyte char (UTF-8)");
    }

    @Test
    void whatWaitsForEverIsGivenUpWithAdvice() {
        Path file = Path.of("/etc/settings.rb");

        assertThat(EvaluationAdvice.of(file, file + " was given up: its evaluation took longer than 60 s"))
                .isEqualTo("; look for a loop in it, and for what waits for something");
        assertThat(EvaluationAdvice.of(file, file + ":1: divided by 0")).isEmpty();
    }
}
