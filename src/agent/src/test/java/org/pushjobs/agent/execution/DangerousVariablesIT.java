package org.pushjobs.agent.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushjobs.agent.settings.DangerousVariables;
import org.pushjobs.agent.settings.JobSettings;
import org.pushjobs.agent.settings.JobVariables;
import org.pushjobs.agent.whitelist.Whitelist;
import org.pushjobs.protocol.message.JobSpec;
import org.pushjobs.protocol.message.Output;
import org.pushjobs.protocol.message.ServerMessage.Commit;

/** Real programs that the whitelist names, and jobs that would have them do something else; as root where that can be had. */
class DangerousVariablesIT {
    private static final int MOST_OUTPUT_BYTES = 63_000;
    private static final Path RUBY_LIBRARIES =
            Path.of(System.getProperty("basedir"), "../rubyconfig/target/evaluator/lib");

    @TempDir
    private Path directory;

    /** What a whitelist may name: a script in one of the languages that nodes have. */
    enum Program {
        SHELL("bash", "echo ran\nls / > /dev/null 2>&1\nexit 0\n"),
        PERL("perl", "print \"ran\\n\";\n"),
        PYTHON("python3", "print('ran')\n"),
        RUBY("ruby", "puts 'ran'\n");

        private final String interpreter;
        private final String code;

        Program(String interpreter, String code) {
            this.interpreter = interpreter;
            this.code = code;
        }
    }

    /** A variable that has a program do what nobody put into a whitelist: make the file {@code caught}. */
    enum Attack {
        BASH_ENV(Program.SHELL, "BASH_ENV", directory -> "$(: > " + directory + "/caught)"),
        BASH_FUNCTION(Program.SHELL, "BASH_FUNC_echo%%", directory -> "() { : > " + directory + "/caught; }"),
        PATH(Program.SHELL, "PATH", directory -> directory + "/bin:/usr/bin:/bin"),
        PERL5OPT(Program.PERL, "PERL5OPT", directory -> "-I" + directory + "/lib -Mevil"),
        PERL5DB(Program.PERL, "PERL5OPT", directory -> "-d:evil -I" + directory + "/lib"),
        HOME(Program.PYTHON, "HOME", Path::toString),
        PYTHONPATH(Program.PYTHON, "PYTHONPATH", directory -> directory + "/lib"),
        RUBYOPT(Program.RUBY, "RUBYOPT", directory -> "-r" + directory + "/lib/evil.rb");

        private final Program program;
        private final String variable;
        private final Function<Path, String> value;

        Attack(Program program, String variable, Function<Path, String> value) {
            this.program = program;
            this.variable = variable;
            this.value = value;
        }
    }

    private Path executable(String name, String content) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return file;
    }

    /** The script, with the interpreter that the system has; for Ruby else the one that reads configuration files. */
    private Path script(Program program) throws IOException {
        Optional<Path> interpreter = Stream.of("/usr/bin", "/bin", "/usr/local/bin")
                .map(place -> Path.of(place, program.interpreter))
                .filter(Files::isExecutable)
                .findFirst();
        if (interpreter.isEmpty() && program == Program.RUBY) {
            interpreter = Optional.of(executable(
                    "jruby",
                    "#!/bin/sh\nexec " + System.getProperty("java.home") + "/bin/java -cp '" + RUBY_LIBRARIES
                            + "/*' org.jruby.Main \"$@\"\n"));
        }
        assumeTrue(interpreter.isPresent(), "not on this machine: " + program.interpreter);
        return executable("report", "#!" + interpreter.orElseThrow() + "\n" + program.code);
    }

    private void writeTraps() throws IOException {
        String caught = directory + "/caught";
        executable("bin/ls", "#!/bin/sh\n: > " + caught + "\n");
        executable("lib/evil.pm", "package evil; open(my $f, '>', '" + caught + "'); 1;\n");
        executable("lib/Devel/evil.pm", "package DB; sub DB {} open(my $f, '>', '" + caught + "'); 1;\n");
        for (int version = 6; version < 30; version++) {
            executable(
                    ".local/lib/python3." + version + "/site-packages/usercustomize.py",
                    "open('" + caught + "', 'w').close()\n");
        }
        executable("lib/sitecustomize.py", "open('" + caught + "', 'w').close()\n");
        executable("lib/evil.rb", "File.write('" + caught + "', '')\n");
    }

    private JobSettings settings(Path program, JobVariables variables) {
        return JobSettings.DEFAULT
                .withWhitelist(Whitelist.of(Map.of("report", program.toString())))
                .withFileDir(directory.resolve("files"))
                .withVariables(variables);
    }

    private static Commit commit(Map<String, String> variables) {
        return new Commit(
                "job-1",
                "server",
                new JobSpec(
                        "report", Optional.empty(), Optional.empty(), Optional.of(variables), Optional.empty(), true));
    }

    private static PreparedJob prepare(JobSettings settings, Map<String, String> variables) throws RefusedJobException {
        try (FileDirectory files = new FileDirectory()) {
            return new JobPreparation(() -> settings, files).prepare(commit(variables));
        }
    }

    private static Output run(JobSettings settings, Map<String, String> variables) throws Exception {
        Recorded recorded = new Recorded();
        new CommandRunner("web-1", () -> settings)
                .start(prepare(settings, variables), new RunLimits(MOST_OUTPUT_BYTES, Optional.empty()), recorded);
        CommandOutcome outcome = recorded.awaitEnd();
        try (OutputSpool output = outcome.output().orElseThrow()) {
            Output written = output.within(MOST_OUTPUT_BYTES).orElseThrow();
            assertThat(outcome.exitStatus())
                    .as("%s %s", variables.keySet(), written)
                    .isZero();
            return written;
        }
    }

    /** One name for each entry of the list. */
    static List<String> names() {
        return Arrays.stream(DangerousVariables.values())
                .flatMap(way -> way.names().stream())
                .map(name -> name.replace("*", "ANYTHING"))
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void everyVariableOfTheListIsRefusedByNameAndAllowedByTheSwitch(Program program) throws Exception {
        Path script = script(program);
        JobSettings safe = settings(script, JobVariables.HARMLESS);
        JobSettings open = settings(script, new JobVariables.All());

        for (String name : names()) {
            assertThatThrownBy(() -> prepare(safe, Map.of(name, "")))
                    .isInstanceOfSatisfying(RefusedJobException.class, refused -> {
                        assertThat(refused.refusal().kind()).isEqualTo(Refusal.Kind.BAD_ENVIRONMENT);
                        assertThat(refused.refusal().text())
                                .startsWith("a job may not set the environment variable " + name + ", as ");
                    });
            // Ruby starts too slowly to be started for each of them.
            if (program != Program.RUBY) {
                assertThat(run(open, Map.of(name, "")).stdout()).as(name).isEqualTo("ran\n");
            }
        }
        Map<String, String> all = names().stream().collect(Collectors.toMap(name -> name, _ -> ""));
        assertThat(run(open, all).stdout()).isEqualTo("ran\n");
    }

    @ParameterizedTest
    @EnumSource
    void variableThatTurnsAProgramIntoAnotherWorksOnlyWithTheSwitch(Attack attack) throws Exception {
        writeTraps();
        Path script = script(attack.program);
        Map<String, String> variables = Map.of(attack.variable, attack.value.apply(directory));

        assertThatThrownBy(() -> run(settings(script, JobVariables.HARMLESS), variables))
                .isInstanceOf(RefusedJobException.class)
                .hasMessageContaining(attack.variable);
        assertThat(directory.resolve("caught")).doesNotExist();

        run(settings(script, new JobVariables.All()), variables);
        assertThat(directory.resolve("caught")).exists();
    }

    /** With each of them a program could be had to run something else, as was tried or as its manual says. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "BASH_ENV",
                "BASH_FUNC_ls%%",
                "ENV",
                "IFS",
                "PATH",
                "LD_PRELOAD",
                "LD_AUDIT",
                "GCONV_PATH",
                "PERL5OPT",
                "PYTHONSTARTUP",
                "RUBYOPT",
                "GEMRC",
                "NODE_OPTIONS",
                "npm_config_script_shell",
                "Npm_Config_script_shell",
                "JAVA_TOOL_OPTIONS",
                "JRE_HOME",
                "AWKLIBPATH",
                "PSModulePath",
                "GIT_SSH_COMMAND",
                "HGRCPATH",
                "GNUPGHOME",
                "KRB5RCACHEDIR",
                "CC",
                "MAKEFLAGS",
                "ZIPOPT",
                "TC_LIB_DIR",
                "XTABLES_LIBDIR",
                "MODPROBE_OPTIONS",
                "LVM_SYSTEM_DIR",
                "APACHE_ENVVARS",
                "KUBE_EDITOR",
                "GOFLAGS",
                "RUSTC_WRAPPER",
                "VIMRUNTIME",
                "SSH_ASKPASS_REQUIRE",
                "RIPGREP_CONFIG_PATH",
                "MODULE_PATH",
                "fish_function_path",
                "PYENV_VERSION"
            })
    void variableThatIsKnownToHaveProgramsRunSomethingElseIsRefused(String name) {
        assertThatThrownBy(() -> prepare(settings(Path.of("/bin/true"), JobVariables.HARMLESS), Map.of(name, "x")))
                .isInstanceOf(RefusedJobException.class)
                .hasMessageContaining("variable " + name + ", as it ");
    }

    static Stream<String> harmless() {
        return Stream.of(
                "LANG",
                "LC_ALL",
                "TZ",
                "TERM",
                "USER",
                "http_proxy",
                "COLOR",
                "path",
                "MY_PATH",
                "LDX",
                "ENVIRONMENT",
                "CCX",
                "DEBIAN_FRONTEND",
                "AWS_REGION",
                "VAULT_ADDR",
                "MYSQL_PWD",
                "PGHOST",
                "ZIPCODE",
                "npm_token");
    }

    @ParameterizedTest
    @MethodSource("harmless")
    void variableThatNoProgramRunsIsAllowed(String name) throws Exception {
        assertThat(prepare(settings(Path.of("/bin/true"), JobVariables.HARMLESS), Map.of(name, "x"))
                        .env())
                .isEqualTo(Map.of(name, "x"));
    }

    @Test
    void valueThatOldShellsTakeForAFunctionIsRefused() {
        assertThatThrownBy(() ->
                        prepare(settings(Path.of("/bin/true"), JobVariables.HARMLESS), Map.of("A", "() { :; }; id")))
                .isInstanceOf(RefusedJobException.class)
                .hasMessageContaining("variable A, as its value has the form of a shell function");
    }

    @Test
    void namedExceptionsAreAllowedAndNothingElse() throws Exception {
        JobSettings settings = settings(Path.of("/bin/true"), new JobVariables.AllButDangerous(Set.of("HOME")));

        assertThat(prepare(settings, Map.of("HOME", "/x")).env()).containsEntry("HOME", "/x");
        assertThatThrownBy(() -> prepare(settings, Map.of("HOME", "/x", "PATH", "/x")))
                .hasMessageContaining("variable PATH, as it says which programs run");
    }

    @Test
    void variablesThatReachTheCommandUnderAnotherNameAreNoDanger() throws Exception {
        JobSettings settings = settings(Path.of("/usr/bin/env"), new JobVariables.Only(Set.of("LANG")));

        List<String> environment = run(settings, Map.of("BASH_ENV", "/x", "LANG", "C"))
                .stdout()
                .lines()
                .collect(Collectors.toList());

        assertThat(environment).contains("CHEF_PUSH_ENV_BASH_ENV=/x", "LANG=C").doesNotContain("BASH_ENV=/x");
    }

    @Test
    void everyEntryHasAReasonIsThereOnceAndInTheDocumentation() throws IOException {
        String documentation = Files.readString(Path.of(System.getProperty("basedir"), "../../docs/agent.md"));

        assertThat(names()).doesNotHaveDuplicates();
        assertThat(DangerousVariables.values()).allSatisfy(way -> {
            assertThat(way.reason()).hasSizeGreaterThan(20);
            assertThat(way.names()).allSatisfy(name -> assertThat(documentation).contains("`" + name + "`"));
        });
    }
}
