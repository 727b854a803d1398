package org.pushjobs.workstation.job;

import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a command that starts a job does then. */
final class WaitOptions {
    @Option(
            names = {"-b", "--nowait"},
            description = "Do not wait for the job's end.")
    private boolean nowait;

    @Option(
            names = "--follow",
            description = "Show what the command writes on each node while it runs; implies --capture.")
    private boolean follow;

    @Option(
            names = "--output",
            negatable = true,
            description =
                    "Show at the end what the command wrote, what is the same on many nodes once; implies --capture. So"
                            + " it is on a terminal unless --no-output is given.")
    private Boolean output;

    @Option(
            names = "--poll-interval",
            paramLabel = "SECONDS",
            defaultValue = "1.0",
            description = "Time between two looks at the job (default: ${DEFAULT-VALUE}).")
    private double pollIntervalSeconds;

    @Mixin
    private Demand demand;

    /** @throws IllegalArgumentException when an option's value makes no sense; the message names the option */
    void check() {
        if (follow && nowait) {
            throw new IllegalArgumentException("--follow waits for the job's end, --nowait does not: give one of them");
        }
        if (nowait && output().orElse(false)) {
            throw new IllegalArgumentException("--output waits for the job's end, --nowait does not: give one of them");
        }
        pollInterval();
    }

    boolean nowait() {
        return nowait;
    }

    boolean follow() {
        return follow;
    }

    /** Whether output is to be shown at the end; empty when nothing was said. */
    Optional<Boolean> output() {
        return Optional.ofNullable(output);
    }

    Demand demand() {
        return demand;
    }

    Duration pollInterval() {
        if (!(pollIntervalSeconds >= 0.01 && pollIntervalSeconds <= 86_400)) {
            throw new IllegalArgumentException(
                    "--poll-interval must be 0.01 to 86400 seconds, not " + pollIntervalSeconds);
        }
        return Duration.ofMillis((long) (pollIntervalSeconds * 1000));
    }
}
