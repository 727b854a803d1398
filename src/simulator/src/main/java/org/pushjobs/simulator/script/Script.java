package org.pushjobs.simulator.script;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * What a simulated agent does about one job. Written as words with blanks between them, see {@link #GRAMMAR}; a word may
 * change several of the parts, and the last one wins.
 *
 * @param vote the answer to {@code commit}
 * @param voteDelay how long the vote takes; it is given even when the server has dropped the agent from the job meanwhile
 * @param start the answer to {@code run}
 * @param runTime how long the command runs
 * @param result how it ends
 * @param resultCopies how often the result is sent, from 1
 * @param outputBytes length of the standard output, sent when the job captures it
 */
public record Script(
        Vote vote,
        Duration voteDelay,
        Start start,
        Duration runTime,
        Result result,
        int resultCopies,
        int outputBytes) {
    /** Said in the help of the command line. */
    public static final String GRAMMAR = "succeed, fail, nack, nack-run, slow:SECONDS, late:SECONDS (votes that late),"
            + " vanish (when the command runs), vanish-vote (instead of voting), duplicate (sends the result twice),"
            + " output:BYTES";

    /** Succeeds at once. */
    public static final Script SUCCEED =
            new Script(Vote.ACK, Duration.ZERO, Start.ACK, Duration.ZERO, Result.SUCCEEDED, 1, 0);

    private static final double LONGEST_SECONDS = 86_400;
    private static final int MOST_OUTPUT_BYTES = 10_000_000;

    /** The answer to {@code commit}. */
    public enum Vote {
        ACK,
        NACK,
        /** None: the agent drops its connection and never comes back. */
        VANISH
    }

    /** The answer to {@code run}. */
    public enum Start {
        ACK,
        NACK,
        /** {@code ack_run}; then the agent drops its connection and never comes back. */
        VANISH
    }

    /** How the command ends. */
    public enum Result {
        SUCCEEDED,
        FAILED
    }

    public Script {
        Objects.requireNonNull(vote, "vote");
        Objects.requireNonNull(voteDelay, "voteDelay");
        Objects.requireNonNull(start, "start");
        Objects.requireNonNull(runTime, "runTime");
        Objects.requireNonNull(result, "result");
    }

    /** The script that the text is; empty when one of its words is none of a script's, or when it has no words. */
    public static Optional<Script> parse(String text) {
        if (text.isBlank()) {
            return Optional.empty();
        }
        Optional<Script> script = Optional.of(SUCCEED);
        for (String word : text.strip().split("\\s+")) {
            script = script.flatMap(before -> before.with(word));
        }
        return script;
    }

    private Optional<Script> with(String word) {
        int colon = word.indexOf(':');
        if (colon >= 0) {
            String value = word.substring(colon + 1);
            return switch (word.substring(0, colon)) {
                case "slow" -> seconds(value).map(this::withRunTime);
                case "late" -> seconds(value).map(this::withVoteDelay);
                case "output" -> bytes(value).map(this::withOutput);
                default -> Optional.empty();
            };
        }
        return switch (word) {
            case "succeed" -> Optional.of(with(Result.SUCCEEDED));
            case "fail" -> Optional.of(with(Result.FAILED));
            case "nack" -> Optional.of(with(Vote.NACK));
            case "nack-run" -> Optional.of(with(Start.NACK));
            case "vanish" -> Optional.of(with(Start.VANISH));
            case "vanish-vote" -> Optional.of(with(Vote.VANISH));
            case "duplicate" -> Optional.of(new Script(vote, voteDelay, start, runTime, result, 2, outputBytes));
            default -> Optional.empty();
        };
    }

    private static Optional<Duration> seconds(String text) {
        return number(text, LONGEST_SECONDS).map(seconds -> Duration.ofMillis(Math.round(seconds * 1000)));
    }

    private static Optional<Integer> bytes(String text) {
        return number(text, MOST_OUTPUT_BYTES).map(Double::intValue);
    }

    private static Optional<Double> number(String text, double most) {
        try {
            double value = Double.parseDouble(text);
            return value >= 0 && value <= most ? Optional.of(value) : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private Script with(Vote newVote) {
        return new Script(newVote, voteDelay, start, runTime, result, resultCopies, outputBytes);
    }

    private Script with(Start newStart) {
        return new Script(vote, voteDelay, newStart, runTime, result, resultCopies, outputBytes);
    }

    private Script with(Result newResult) {
        return new Script(vote, voteDelay, start, runTime, newResult, resultCopies, outputBytes);
    }

    private Script withVoteDelay(Duration delay) {
        return new Script(vote, delay, start, runTime, result, resultCopies, outputBytes);
    }

    private Script withRunTime(Duration time) {
        return new Script(vote, voteDelay, start, time, result, resultCopies, outputBytes);
    }

    private Script withOutput(int bytes) {
        return new Script(vote, voteDelay, start, runTime, result, resultCopies, bytes);
    }
}
