package org.pushjobs.workstation.job;

import java.util.Locale;
import java.util.Optional;
import org.pushjobs.workstation.remote.JobDocument;
import org.pushjobs.workstation.screen.Screen;

/** The line that tells where a job is (agent-and-cli.md): the words are those that scripts know. */
final class ProgressLine {
    private ProgressLine() {}

    /** Nothing for a job that has not begun. */
    static Optional<String> of(JobDocument job) {
        return switch (job.status()) {
            case "new" -> Optional.empty();
            case "running" ->
                Optional.of("Running (" + job.nodesInProgress() + "/" + job.nodeCount() + " in progress) ...");
            default -> Optional.of(capitalized(Screen.printable(job.status())) + ".");
        };
    }

    private static String capitalized(String word) {
        return word.isEmpty() ? word : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }
}
