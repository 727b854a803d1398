package org.pushjobs.agent.execution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushjobs.agent.settings.JobSettings;
import org.pushjobs.protocol.message.Output;

/** The same command lines given to {@code sh -c} and to us: what they print, leave behind and return is the same. */
class ShellSemanticsIT {
    @TempDir
    private Path directory;

    private Path ours;
    private Path shells;

    @BeforeEach
    void makeTwoEqualDirectories() throws IOException {
        ours = makeDirectory("ours");
        shells = makeDirectory("shells");
    }

    private Path makeDirectory(String name) throws IOException {
        Path made = Files.createDirectories(directory.resolve(name).resolve("work"));
        for (String file : new String[] {"a.txt", "b.txt", "c d.txt", "*.odd"}) {
            Files.writeString(made.resolve(file), file + "\n");
        }
        return made;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // words
                "echo a  b   c",
                "  echo leading and trailing  ",
                "echo\ttabs\tbetween",
                "printf %s|%s one two",
                "printf %s,  a   b",
                "echo a\rb",
                "echo a\fb",
                "echo ü 漢字",
                "true",
                "false",
                "exit",
                "exit 3",
                "sh -c exit",
                // quotes
                "echo 'a  b'",
                "echo \"a  b\"",
                "echo \"it's\" 'say \"x\"'",
                "echo a\\ b",
                "echo \"a\\\"b\" 'c\\d'",
                "echo '' \"\" x",
                "echo 'unterminated",
                // globs
                "echo *.txt",
                "echo [ab].txt",
                "echo ?.txt",
                "echo none*.xyz",
                "cat 'c d.txt'",
                "echo '*.txt'",
                "ls -1 *.odd",
                "echo {a,b}",
                // variables and substitutions
                "echo $GREETING",
                "echo \"${GREETING}s\" ${NONE:-default} '$GREETING'",
                "GREETING=changed; echo $GREETING",
                "GREETING=local sh -c 'echo $GREETING'",
                "GREETING=only",
                "A=b echo prefixed",
                "echo $((2 + 3 * 4))",
                "echo `echo inner` $(echo outer $(echo deep))",
                "echo $# $0",
                "echo ~root ~nobodyhere",
                "x='a   b'; echo $x; echo \"$x\"",
                // pipes, lists, redirections
                "echo one | tr o O",
                "printf 'b\\na\\n' | sort | head -n 1",
                "false | true",
                "true && echo yes || echo no",
                "false && echo yes || echo no",
                "echo one; echo two",
                "echo one\necho two",
                "(exit 4)",
                "{ echo braces; }",
                "! true",
                "echo out > made.txt; cat made.txt",
                "echo more >> a.txt; cat a.txt",
                "cat < a.txt",
                "cat <<END\nhere $GREETING\nEND",
                "echo to-stderr >&2",
                "ls /no/such/dir 2> /dev/null; echo $?",
                "echo both 2>&1 >&2",
                "sleep 0 & wait; echo waited",
                // comments
                "echo before # after",
                "echo not#a comment",
                "# nothing at all",
                // builtins and reserved words
                "cd /tmp",
                "cd /tmp && pwd",
                "cd /no/such/dir",
                "umask",
                "umask 077; touch private; stat -c %a private",
                "ulimit -c",
                "type cd",
                "command -v sh",
                "export X=1",
                "set -e; false; echo never",
                "test -f a.txt",
                "test -f none.txt",
                "[ 1 -lt 2 ]",
                ": nothing",
                "eval echo evaluated",
                "exec echo replaced",
                "if true; then echo then; fi",
                "for i in 1 2 3; do printf %s $i; done",
                "while read line; do echo \"got $line\"; done < b.txt",
                "case abc in a*) echo matched;; esac",
                "trap 'echo trapped' EXIT; exit 5",
                "read nothing",
                "f() { echo function $1; }; f x",
                // how commands end
                "kill -9 $$",
                "sh -c 'kill -TERM $$'",
                "no-such-command-at-all",
                "./a.txt",
                "/no/such/program with arguments",
                "no-such-command-at-all; echo $?",
                "cat",
            })
    void commandLineMeansWhatItMeansToTheShell(String line) throws Exception {
        Result expected = shell(line);
        Result actual = us(line);

        assertThat(actual.exitStatus).isEqualTo(expected.exitStatus);
        assertThat(actual.output.stdout()).isEqualTo(expected.output.stdout());
        assertThat(actual.output.stderr().isEmpty())
                .isEqualTo(expected.output.stderr().isEmpty());
        assertThat(files(ours)).isEqualTo(files(shells));
    }

    private record Result(int exitStatus, Output output) {}

    private Result shell(String line) throws Exception {
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", line)
                .directory(shells.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().put("GREETING", "hello");
        Process process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Result(process.exitValue(), new Output(Files.readString(out), Files.readString(err)));
    }

    private Result us(String line) throws Exception {
        PreparedJob job = new PreparedJob(
                "job", line, Optional.empty(), Optional.of(ours), Map.of("GREETING", "hello"), Optional.empty(), true);
        Recorded recorded = new Recorded();
        new CommandRunner("shell-1", () -> JobSettings.DEFAULT)
                .start(job, new RunLimits(1_000_000, Optional.empty()), recorded);
        CommandOutcome outcome = recorded.awaitEnd();
        return new Result(
                outcome.exitStatus(),
                outcome.output().orElseThrow().within(1_000_000).orElseThrow());
    }

    private static Map<String, String> files(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            return files.collect(Collectors.toMap(file -> file.getFileName().toString(), ShellSemanticsIT::content));
        }
    }

    private static String content(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
