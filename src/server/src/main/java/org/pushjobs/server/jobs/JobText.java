package org.pushjobs.server.jobs;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.pushjobs.protocol.message.JobSpec;

/**
 * What the log says of a job. Commands are named, as they have to be in the agents' whitelists; values of options are not, for
 * they may be secret.
 */
final class JobText {
    /** Longest text of a command. */
    static final int MOST_COMMAND_CHARACTERS = 200;

    /** Names of so many variables at most. */
    static final int MOST_VARIABLES = 20;

    private static final int MOST_NAME_CHARACTERS = 64;

    private JobText() {}

    /** The command on one line. */
    static String command(JobSpec spec) {
        return cut(spec.command(), MOST_COMMAND_CHARACTERS).replaceAll("\\p{Cntrl}", "?");
    }

    /** The names of the options that the job has, and of its variables, such as {@code user env(HOME PATH) file}. */
    static String options(JobSpec spec) {
        List<String> options = new ArrayList<>();
        spec.user().ifPresent(_ -> options.add("user"));
        spec.dir().ifPresent(_ -> options.add("dir"));
        spec.env().ifPresent(variables -> options.add("env(" + names(variables.keySet()) + ")"));
        spec.file().ifPresent(_ -> options.add("file"));
        if (spec.capture()) {
            options.add("capture_output");
        }
        return options.isEmpty() ? "none" : String.join(" ", options);
    }

    private static String names(Set<String> variables) {
        String named = variables.stream()
                .limit(MOST_VARIABLES)
                .map(name -> cut(name, MOST_NAME_CHARACTERS).replaceAll("[^A-Za-z0-9_.…-]", "?"))
                .collect(Collectors.joining(" "));
        int others = variables.size() - MOST_VARIABLES;
        return others > 0 ? named + " and " + others + " more" : named;
    }

    private static String cut(String text, int most) {
        return text.codePointCount(0, text.length()) <= most
                ? text
                : text.substring(0, text.offsetByCodePoints(0, most)) + "…";
    }
}
