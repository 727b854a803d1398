package org.pushjobs.simulator.bench.bed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs jobs and learns of their ends from the organisation's event feed, so that asking does not disturb what is measured.
 * Usable from any thread.
 */
public final class JobRunner implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LONGEST_JOB = Duration.ofSeconds(90);
    private static final String END = "job_complete";
    private static final String COMPLETE = "complete";

    private static final int LONGEST_TEXT = 1_000;

    private final Api api;
    private final InputStream feed;
    private final Map<String, CompletableFuture<Long>> ends = new ConcurrentHashMap<>();

    /**
     * A job that has ended.
     *
     * @param millis from the request to the event that says it has ended
     */
    public record Ended(String id, int nodes, double millis) {}

    /** Opens the feed. */
    public JobRunner(Api api) throws IOException, InterruptedException {
        this.api = api;
        this.feed = api.feed();
        Thread.ofPlatform().daemon().name("feed").start(this::read);
    }

    private void read() {
        String event = "";
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(feed, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("event: ")) {
                    event = line.substring("event: ".length());
                } else if (line.startsWith("data: ") && event.equals(END)) {
                    long now = System.nanoTime();
                    String job = JSON.readTree(line.substring("data: ".length()))
                            .path("job")
                            .asText();
                    end(job).complete(now);
                }
            }
        } catch (IOException e) {
            // The feed was closed, by us or with the server; whoever waits for a job gives up by its time limit.
        }
    }

    private CompletableFuture<Long> end(String job) {
        return ends.computeIfAbsent(job, _ -> new CompletableFuture<>());
    }

    /**
     * Runs a job until its end.
     *
     * @throws BenchException when it does not end in time
     */
    public Ended run(String command, List<String> nodes) throws IOException, InterruptedException {
        long start = System.nanoTime();
        String id = api.startJob(command, nodes);
        try {
            long end = end(id).get(LONGEST_JOB.toMillis(), TimeUnit.MILLISECONDS);
            return new Ended(id, nodes.size(), (end - start) / (double) TimeUnit.MILLISECONDS.toNanos(1));
        } catch (ExecutionException | TimeoutException e) {
            throw new BenchException("job " + id + " has not ended: " + shortened(api.job(id)), e);
        } finally {
            ends.remove(id);
        }
    }

    /** @throws BenchException when the job ended otherwise than with success on every node */
    public void check(Ended ended) throws IOException, InterruptedException {
        JsonNode job = api.job(ended.id());
        if (!job.path("status").asText().equals(COMPLETE)
                || job.path("nodes").path("succeeded").size() != ended.nodes()) {
            throw new BenchException("a job did not succeed on all " + ended.nodes() + " nodes: " + shortened(job));
        }
    }

    private static String shortened(JsonNode job) {
        String text = job.toString();
        return text.substring(0, Math.min(LONGEST_TEXT, text.length()));
    }

    @Override
    public void close() throws IOException {
        feed.close();
    }
}
