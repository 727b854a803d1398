package org.pushjobs.simulator.bench.bed;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;

/**
 * Runs jobs and asks until they have ended. Asking costs the server something, so it begins shortly before the end is
 * expected, from what earlier jobs took. (Event feeds would not do: they are written to every 50 ms.) Usable from any
 * thread.
 */
public final class JobRunner {
    private static final Duration LONGEST_JOB = Duration.ofSeconds(90);
    private static final Set<String> LIVE = Set.of("new", "voting", "running");
    private static final String COMPLETE = "complete";
    private static final String SUCCEEDED = "succeeded";
    private static final int MOST_NAMES = 5;
    private static final double WEIGHT_OF_LAST = 0.2;
    private static final double LEAST_PAUSE_MILLIS = 1;
    private static final int LONGEST_TEXT = 1_000;

    private final Api api;
    private final Looks looks;
    private final Duration longestJob;
    private volatile double expectedMillis;

    /**
     * How often a runner asks.
     *
     * @param first when at first, as a share of what is expected
     * @param earlier by how much less is expected after a job that had ended at the first look
     * @param pause between further looks, as a share of the time that has passed
     */
    public record Looks(double first, double earlier, double pause) {
        /** Sees the end of a job soon after it. */
        public static final Looks EXACT = new Looks(0.7, 0.2, 0.02);
        /** Asks little more than once for each job. */
        public static final Looks CHEAP = new Looks(0.9, 0.05, 0.05);
    }

    /** A job that has ended. */
    public record Ended(JsonNode document, double millis) {}

    /** Starts a job; returns its id. */
    @FunctionalInterface
    public interface Start {
        String start() throws IOException;
    }

    public JobRunner(Api api, Looks looks) {
        this(api, looks, LONGEST_JOB);
    }

    /** @param longestJob after which a job is not waited for any more */
    public JobRunner(Api api, Looks looks, Duration longestJob) {
        this.api = api;
        this.looks = looks;
        this.longestJob = longestJob;
    }

    /**
     * Runs a job until its end.
     *
     * @return the job and the time from the request until it was seen to have ended
     * @throws BenchException when it does not end in time
     */
    public Ended run(String command, List<String> nodes) throws IOException, InterruptedException {
        return run(() -> api.startJob(command, nodes));
    }

    /** The same with a job of any kind. */
    public Ended run(Start job) throws IOException, InterruptedException {
        long start = System.nanoTime();
        String id = job.start();
        pause(looks.first() * expectedMillis - millisSince(start));
        for (int look = 1; ; look++) {
            JsonNode document = api.job(id);
            double millis = millisSince(start);
            if (!LIVE.contains(document.path("status").asText())) {
                learn(look, millis);
                return new Ended(document, millis);
            }
            if (millis > longestJob.toMillis()) {
                throw new BenchException("a job has not ended after " + longestJob + ": " + shortened(document));
            }
            pause(looks.pause() * millis);
        }
    }

    /** A job that had ended at the first look may have ended long before: the next one is asked about earlier. */
    private void learn(int asked, double millis) {
        expectedMillis = asked == 1 && expectedMillis > 0
                ? expectedMillis * (1 - looks.earlier())
                : expectedMillis + WEIGHT_OF_LAST * (millis - expectedMillis);
    }

    private static double millisSince(long nanos) {
        return (System.nanoTime() - nanos) / (double) TimeUnit.MILLISECONDS.toNanos(1);
    }

    private static void pause(double millis) throws InterruptedException {
        Thread.sleep(
                Duration.ofNanos((long) (Math.max(millis, LEAST_PAUSE_MILLIS) * TimeUnit.MILLISECONDS.toNanos(1))));
    }

    /** @throws BenchException when the job ended otherwise than with success on so many nodes */
    public static void check(Ended ended, int nodes) {
        JsonNode job = ended.document();
        if (!job.path("status").asText().equals(COMPLETE)
                || job.path("nodes").path(SUCCEEDED).size() != nodes) {
            throw new BenchException("a job did not succeed on all " + nodes + " nodes: " + summary(job));
        }
    }

    /** How many nodes have each status, with the names of some that did not succeed. */
    static String summary(JsonNode job) {
        StringBuilder text = new StringBuilder(job.path("status").asText());
        for (Map.Entry<String, JsonNode> part : job.path("nodes").properties()) {
            JsonNode names = part.getValue();
            text.append(", ").append(names.size()).append(' ').append(part.getKey());
            if (!part.getKey().equals(SUCCEEDED)) {
                StringJoiner some = new StringJoiner(", ", " (", names.size() > MOST_NAMES ? ", …)" : ")");
                for (int i = 0; i < Math.min(names.size(), MOST_NAMES); i++) {
                    some.add(names.path(i).asText());
                }
                text.append(some);
            }
        }
        return text.toString();
    }

    private static String shortened(JsonNode job) {
        String text = job.toString();
        return text.substring(0, Math.min(LONGEST_TEXT, text.length()));
    }
}
