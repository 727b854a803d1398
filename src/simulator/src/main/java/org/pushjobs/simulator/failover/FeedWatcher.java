package org.pushjobs.simulator.failover;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Follows a feed as a careful client does: when it breaks, or is silent for longer than its signs of life come, it asks again for
 * what came after the last event that it has, where there are several frontends of the next one. A thread of its own reads.
 */
final class FeedWatcher implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** The server is told to send a sign of life each 5 s. */
    private static final Duration SILENCE = Duration.ofSeconds(8);

    private static final long PAUSE_MILLIS = 100;
    private static final int OK = 200;
    /** Of a job; the second one is all that who asks too late gets. */
    private static final Set<String> LAST_OF_JOB = Set.of("job_complete", "summary");

    private final Frontend frontend;
    private final String path;
    private final boolean endsWithJob;
    private final List<FeedEvent> events = new CopyOnWriteArrayList<>();
    private final List<String> breaks = new CopyOnWriteArrayList<>();
    private final CountDownLatch opened = new CountDownLatch(1);
    private final Thread reader;
    private volatile boolean closed;

    private FeedWatcher(Frontend frontend, String path, boolean endsWithJob) {
        this.frontend = frontend;
        this.path = path;
        this.endsWithJob = endsWithJob;
        this.reader = Thread.ofVirtual().name("feed " + path).start(this::follow);
    }

    /** Reads until the job has ended. The frontend is for this reader alone. */
    static FeedWatcher ofJob(Frontend frontend, String jobId) {
        return new FeedWatcher(frontend, "job_status_feed/" + jobId, true);
    }

    /** Reads until it is closed. The frontend is for this reader alone. */
    static FeedWatcher ofOrganisation(Frontend frontend) {
        return new FeedWatcher(frontend, "job_status_feed", false);
    }

    /** Until the server has answered for the first time. */
    boolean awaitOpen(Duration atMost) throws InterruptedException {
        return opened.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Until it has read all. */
    boolean awaitEnd(Duration atMost) throws InterruptedException {
        return reader.join(atMost);
    }

    List<FeedEvent> events() {
        return List.copyOf(events);
    }

    /** Why it had to ask again, each time. */
    List<String> breaks() {
        return List.copyOf(breaks);
    }

    private void follow() {
        while (!isOver()) {
            try {
                read();
                if (!isOver()) {
                    breaks.add("it ended");
                }
            } catch (IOException e) {
                breaks.add(e.toString());
                frontend.goOn();
            }
            try {
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private boolean isOver() {
        return closed
                || endsWithJob
                        && !events.isEmpty()
                        && LAST_OF_JOB.contains(events.getLast().name());
    }

    private void read() throws IOException {
        Map<String, String> after = events.isEmpty()
                ? Map.of()
                : Map.of("Last-Event-ID", events.getLast().id());
        HttpURLConnection feed = frontend.feed(path, after, SILENCE);
        if (feed.getResponseCode() != OK) {
            throw new IOException("it was answered by " + feed.getResponseCode());
        }
        opened.countDown();
        try (InputStream in = feed.getInputStream();
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            String name = "";
            String id = "";
            for (String line = lines.readLine(); line != null && !closed; line = lines.readLine()) {
                if (line.startsWith("event: ")) {
                    name = line.substring("event: ".length());
                } else if (line.startsWith("id: ")) {
                    id = line.substring("id: ".length());
                } else if (line.startsWith("data: ")) {
                    events.add(event(id, name, JSON.readTree(line.substring("data: ".length()))));
                }
            }
        }
    }

    /** What an event says, as the server sends and stores it. */
    static FeedEvent event(String id, String name, JsonNode data) {
        return new FeedEvent(
                id,
                name,
                data.path("job").asText(data.path("node").asText()),
                data.path("status").asText());
    }

    @Override
    public void close() {
        closed = true;
        reader.interrupt();
    }
}
