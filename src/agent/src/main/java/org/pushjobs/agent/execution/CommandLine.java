package org.pushjobs.agent.execution;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * How a command line becomes arguments: as Ruby does it, through {@code /bin/sh -c} when it needs a shell, otherwise split
 * at white space and executed directly (agent-and-cli.md, "Running a command").
 */
final class CommandLine {
    private static final Pattern META_CHARACTER = Pattern.compile("[*?{}\\[\\]<>()~&|\\\\$;'`\"\n#]");
    private static final Pattern AROUND = Pattern.compile("\\A[ \t]+|[ \t]+\\z");
    private static final Pattern ASSIGNMENT = Pattern.compile("\\s*[^\\s/]*=.*", Pattern.DOTALL);
    /** Ruby's, and commands that are nowhere but in the shell: without it they could only fail. */
    private static final Set<String> SHELL_WORDS = Set.of(
            "!",
            ".",
            ":",
            "alias",
            "bg",
            "cd",
            "command",
            "fg",
            "getopts",
            "hash",
            "jobs",
            "local",
            "read",
            "type",
            "ulimit",
            "umask",
            "unalias",
            "wait",
            "break",
            "case",
            "continue",
            "do",
            "done",
            "elif",
            "else",
            "esac",
            "eval",
            "exec",
            "exit",
            "export",
            "fi",
            "for",
            "if",
            "in",
            "readonly",
            "return",
            "set",
            "shift",
            "then",
            "times",
            "trap",
            "unset",
            "until",
            "while");

    private CommandLine() {}

    static List<String> arguments(String line) {
        List<String> words = List.of(AROUND.matcher(line).replaceAll("").split("[ \t]+"));
        return needsShell(line, words.getFirst()) ? List.of("/bin/sh", "-c", line) : words;
    }

    private static boolean needsShell(String line, String firstWord) {
        return META_CHARACTER.matcher(line).find()
                || ASSIGNMENT.matcher(firstWord).matches()
                || SHELL_WORDS.contains(firstWord);
    }
}
