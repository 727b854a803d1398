package org.pushjobs.workstation.job;

import java.util.Locale;

/** What can become of a node in a job (lifecycle.md), in words for people. */
enum NodeOutcome {
    NEW("the node has not voted yet"),
    READY("the node is ready to run the command"),
    RUNNING("the command is running"),
    SUCCEEDED("the command ended well"),
    FAILED("the command ended with an error, or the node could not start it"),
    ABORTED("the job was aborted on the node"),
    UNAVAILABLE("the node was down or not reachable, or did not answer in time"),
    NACKED("the node refused: it is busy, or the command is not in its whitelist"),
    CRASHED("the node went down, or its agent restarted, while it had the job"),
    WAS_READY("the node was ready, but too few others were: the command did not run"),
    TIMED_OUT("the command did not end within the job's time-out and was stopped");

    private final String meaning;

    NodeOutcome(String meaning) {
        this.meaning = meaning;
    }

    /** @param word as in a job document, possibly one that only a later server knows */
    static String meaningOf(String word) {
        for (NodeOutcome outcome : values()) {
            if (outcome.toString().equals(word)) {
                return outcome.meaning;
            }
        }
        return "this version of pushjobs does not know the status";
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
