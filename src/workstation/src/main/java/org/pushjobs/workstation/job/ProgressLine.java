package org.pushjobs.workstation.job;

import java.util.Locale;
import java.util.Optional;
import org.pushjobs.workstation.remote.JobDocument;
import org.pushjobs.workstation.screen.Screen;

/** The line that tells where a job is (agent-and-cli.md): the words are those that scripts know. */
final class ProgressLine {
    static final String VOTING = "Voting.";

    private ProgressLine() {}

    /** Nothing for a job that has not begun. */
    static Optional<String> of(JobDocument job) {
        return switch (job.status()) {
            case "new" -> Optional.empty();
            case "running" -> Optional.of(running(job.nodesInProgress(), job.nodeCount()));
            default -> Optional.of(ended(Screen.printable(job.status())));
        };
    }

    static String running(int inProgress, int nodes) {
        return "Running (" + inProgress + "/" + nodes + " in progress) ...";
    }

    /** @param status of a job that is not running */
    static String ended(String status) {
        return (status.isEmpty() ? status : status.substring(0, 1).toUpperCase(Locale.ROOT) + status.substring(1))
                + ".";
    }
}
