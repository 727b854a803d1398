package org.pushjobs.agent.execution;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.pushjobs.platform.text.PlatformText;

/**
 * What can be given to a program byte for byte. Java would write half of a character as {@code ?}, which is a wildcard for the
 * shell, and the system takes neither zeros nor more than 131,071 bytes in one argument or variable.
 */
final class PassableText {
    /** Leaves room for what {@link JobEnvironment} puts in front of a variable's name. */
    static final int MAX_BYTES = 131_000;

    private PassableText() {}

    /** @throws RefusedJobException when the command line cannot be passed on as it is */
    static void check(String commandLine) throws RefusedJobException {
        if (!PlatformText.canBePassedOn(commandLine)) {
            throw new RefusedJobException(
                    Refusal.Kind.BAD_COMMAND, "the command line holds a zero, or half of a character");
        }
        for (String argument : CommandLine.arguments(commandLine)) {
            int bytes = bytes(argument);
            if (bytes > MAX_BYTES) {
                throw new RefusedJobException(
                        Refusal.Kind.BAD_COMMAND,
                        "the command line, or a word of it, has " + bytes + " bytes; a program takes at most "
                                + MAX_BYTES + " in one argument. Put it into the job's file");
            }
        }
    }

    /** @throws RefusedJobException names the variable that cannot be passed on as it is, and not its value */
    static void check(Map<String, String> variables) throws RefusedJobException {
        for (Map.Entry<String, String> variable : variables.entrySet()) {
            String name = variable.getKey();
            if (name.isEmpty() || name.indexOf('=') >= 0 || !PlatformText.canBePassedOn(name)) {
                throw refused("the name of an environment variable cannot be used: " + name);
            }
            if (!PlatformText.canBePassedOn(variable.getValue())) {
                throw refused("an environment variable holds a zero, or half of a character: " + name);
            }
            int bytes = bytes(name) + 1 + bytes(variable.getValue());
            if (bytes > MAX_BYTES) {
                throw refused("the environment variable " + name + " has " + bytes
                        + " bytes with its name; a program takes at most " + MAX_BYTES);
            }
        }
    }

    private static RefusedJobException refused(String text) {
        return new RefusedJobException(Refusal.Kind.BAD_ENVIRONMENT, text);
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
