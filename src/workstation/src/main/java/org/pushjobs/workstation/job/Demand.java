package org.pushjobs.workstation.job;

import org.pushjobs.workstation.remote.JobDocument;
import picocli.CommandLine.Option;

/** What a job has to come to for the exit status 0, of the commands that wait for its end. */
final class Demand {
    @Option(
            names = "--require-all",
            description =
                    "Exit with 0 only when every node has succeeded; else those that could not take part do not count.")
    private boolean requireAll;

    int exitStatus(ExitRule rule, JobDocument ended) {
        int status = rule.of(ended);
        return status == ExitRule.SUCCESS && requireAll && !ended.allSucceeded() ? ExitRule.FAILED : status;
    }
}
