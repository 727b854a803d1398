package org.pushjobs.simulator.diary;

import java.util.Objects;
import java.util.Optional;

/**
 * What an agent did at a moment: a line of a diary, {@code MILLIS WHAT NODE JOB}, where a job that there is none of is "-".
 *
 * @param atMillis since 1970, by the clock of the machine that the agent is on
 */
public record Entry(long atMillis, What what, String node, Optional<String> jobId) {
    private static final String NO_JOB = "-";
    private static final int PARTS = 4;

    /** What can be in a diary. */
    public enum What {
        ACK_COMMIT,
        NACK_COMMIT,
        /** The command was started. */
        ACK_RUN,
        NACK_RUN,
        ABORTED,
        /** The result was sent for the first time, or, in the diary of a command, it has ended. */
        RESULT,
        /** Somebody else closed the connection to the command port. */
        LOST,
        /** The agent closed the connection, because its new configuration names another gateway. */
        LEFT,
        /** The first message came over a new one. */
        BACK
    }

    public Entry {
        Objects.requireNonNull(what, "what");
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(jobId, "jobId");
    }

    /** @throws IllegalArgumentException when the line is none of a diary */
    public static Entry parse(String line) {
        String[] parts = line.split(" ");
        if (parts.length != PARTS) {
            throw new IllegalArgumentException("'" + line + "' is no line of a diary");
        }
        return new Entry(
                Long.parseLong(parts[0]),
                What.valueOf(parts[1]),
                parts[2],
                Optional.of(parts[3]).filter(job -> !job.equals(NO_JOB)));
    }

    public String line() {
        return atMillis + " " + what + " " + node + " " + jobId.orElse(NO_JOB);
    }
}
