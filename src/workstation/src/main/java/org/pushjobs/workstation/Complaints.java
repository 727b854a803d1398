package org.pushjobs.workstation;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.pushjobs.platform.text.NameSuggestion;
import org.pushjobs.workstation.remote.RequestRefusedException;
import org.pushjobs.workstation.remote.ServerFailure;
import org.pushjobs.workstation.remote.ServerUnreachableException;
import org.pushjobs.workstation.remote.UnusableAnswerException;
import org.pushjobs.workstation.screen.Screen;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Why a command ended badly, on standard error: in words, or as a line of JSON, {@code {"error": {"kind", "message"}}}, where
 * data was asked for. Used by one thread.
 */
final class Complaints {
    /** What went wrong, for programs. */
    enum Kind {
        /** The command line or the settings. */
        USAGE,
        REFUSED,
        UNREACHABLE,
        UNUSABLE_ANSWER
    }

    private static final List<String> DATA = List.of("json", "jsonl", "yaml", "pp");

    private final Screen screen;
    private final boolean asData;

    /** @param arguments where the format is looked for, since those that are wrong are not parsed */
    Complaints(Screen screen, List<String> arguments) {
        this.screen = screen;
        this.asData = wantsData(arguments);
    }

    private static boolean wantsData(List<String> arguments) {
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            String next = i + 1 < arguments.size() ? arguments.get(i + 1) : "";
            String format = switch (argument) {
                case "-F", "--format" -> next;
                default ->
                    argument.startsWith("--format=")
                            ? argument.substring("--format=".length())
                            : argument.startsWith("-F") ? argument.substring("-F".length()) : "";
            };
            if (DATA.contains(format.toLowerCase(Locale.ROOT))) {
                return true;
            }
        }
        return false;
    }

    void ofUsage(ParameterException e) {
        String message = message(e);
        say(Kind.USAGE, message, Map.of());
        if (!asData) {
            screen.err().println("Try '" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help'.");
        }
    }

    void ofServer(ServerFailure failure) {
        switch (failure) {
            case RequestRefusedException refused ->
                say(Kind.REFUSED, refused.getMessage(), Map.of("http_status", refused.status()));
            case ServerUnreachableException _ -> of(Kind.UNREACHABLE, failure);
            case UnusableAnswerException _ -> of(Kind.UNUSABLE_ANSWER, failure);
        }
    }

    void of(Kind kind, Exception e) {
        say(kind, e.getMessage(), Map.of());
    }

    private void say(Kind kind, String message, Map<String, Integer> more) {
        if (!asData) {
            screen.err().println("ERROR: " + message);
            return;
        }
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        ObjectNode error = document.putObject("error")
                .put("kind", kind.name().toLowerCase(Locale.ROOT))
                .put("message", message);
        more.forEach(error::put);
        screen.err().writeBytes((document + System.lineSeparator()).getBytes(StandardCharsets.UTF_8));
        screen.err().flush();
    }

    /** With what was probably meant, where a command or an option is misspelt. */
    private static String message(ParameterException e) {
        if (!(e instanceof UnmatchedArgumentException unmatched)
                || unmatched.getUnmatched().isEmpty()) {
            return e.getMessage();
        }
        CommandSpec command = e.getCommandLine().getCommandSpec();
        String given = unmatched.getUnmatched().getFirst();
        if (given.startsWith("-")) {
            String name = given.contains("=") ? given.substring(0, given.indexOf('=')) : given;
            return e.getMessage() + meant(name, optionNames(command), "");
        }
        return command.subcommands().isEmpty()
                ? e.getMessage()
                : "there is no command '" + command.qualifiedName() + " " + Screen.printable(given) + "'"
                        + meant(given, command.subcommands().keySet().stream(), command.qualifiedName() + " ");
    }

    private static Stream<String> optionNames(CommandSpec command) {
        return command.options().stream().filter(option -> !option.hidden()).map(OptionSpec::longestName);
    }

    private static String meant(String given, Stream<String> names, String before) {
        return NameSuggestion.closest(given, names.toList())
                .map(name -> "; did you mean '" + before + name + "'?")
                .orElse("");
    }
}
