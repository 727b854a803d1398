package org.pushjobs.simulator.failover;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.pushjobs.simulator.failover.Frontend.Answer;
import org.pushjobs.simulator.failover.Request.Outcome;

/**
 * Users who ask all the time, each again as soon as it was answered: one reads a job, one starts small jobs, on other nodes than
 * the job that is watched. They have threads of their own.
 */
final class Users {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration READ_PATIENCE = Duration.ofSeconds(1);
    /** The server makes a request wait for up to 2 s for a coordinator. */
    private static final Duration START_PATIENCE = Duration.ofSeconds(4);

    private static final long READ_PAUSE_MILLIS = 50;
    private static final long START_PAUSE_MILLIS = 200;
    private static final int OK = 200;
    private static final int CREATED = 201;
    /** The frontend's own, when it has no answer from behind it. */
    private static final int BAD_GATEWAY = 502;

    private static final int GATEWAY_TIMEOUT = 504;
    private static final int UNAVAILABLE = 503;
    /** What the server says when it cannot tell whether a job was started. */
    private static final String NOT_KNOWN = "it is not known whether";

    private final Frontend reader;
    private final Frontend starter;
    private final String readJob;
    private final List<String> nodes;
    private final List<Request> reads = new CopyOnWriteArrayList<>();
    private final List<Request> starts = new CopyOnWriteArrayList<>();
    private final List<Thread> threads;
    private volatile boolean closed;

    /**
     * @param clients gives each of them one of his own
     * @param readJob the job that is read
     * @param nodes in turn, for the small jobs
     */
    Users(Supplier<Frontend> clients, String readJob, List<String> nodes) {
        this.reader = clients.get();
        this.starter = clients.get();
        this.readJob = readJob;
        this.nodes = List.copyOf(nodes);
        this.threads = List.of(
                Thread.ofVirtual().name("reads").start(() -> repeat(this::read, READ_PAUSE_MILLIS)),
                Thread.ofVirtual().name("starts").start(() -> repeat(this::start, START_PAUSE_MILLIS)));
    }

    /** The command of a small job, which succeeds; the bytes are not asked for. */
    static String command(int number) {
        return "succeed output:" + number;
    }

    private void repeat(Runnable once, long pauseMillis) {
        try {
            while (!closed) {
                once.run();
                Thread.sleep(pauseMillis);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void read() {
        long sent = System.currentTimeMillis();
        Outcome outcome = Outcome.UNKNOWN;
        int status = Request.NO_ANSWER;
        try {
            Answer answer = reader.get("jobs/" + readJob, READ_PATIENCE);
            status = answer.status();
            outcome = outcome(answer, OK);
        } catch (IOException e) {
            // unknown
        }
        reads.add(new Request(reads.size(), sent, System.currentTimeMillis(), outcome, status, Optional.of(readJob)));
    }

    private void start() {
        int number = starts.size();
        ObjectNode job = JSON.createObjectNode().put("command", command(number));
        job.putArray("nodes").add(nodes.get(number % nodes.size()));
        long sent = System.currentTimeMillis();
        Outcome outcome = Outcome.UNKNOWN;
        int status = Request.NO_ANSWER;
        Optional<String> id = Optional.empty();
        try {
            Answer answer = starter.post("jobs", job.toString(), Map.of(), START_PATIENCE);
            status = answer.status();
            outcome = outcome(answer, CREATED);
            if (outcome == Outcome.DONE) {
                id = Optional.of(JSON.readTree(answer.body()).path("id").asText());
            }
        } catch (IOException e) {
            // unknown
        }
        starts.add(new Request(number, sent, System.currentTimeMillis(), outcome, status, id));
    }

    static Outcome outcome(Answer answer, int wanted) {
        if (answer.status() == wanted) {
            return Outcome.DONE;
        }
        return switch (answer.status()) {
            case BAD_GATEWAY, GATEWAY_TIMEOUT -> Outcome.UNKNOWN;
            case UNAVAILABLE ->
                answer.retryAfter()
                        ? answer.body().contains(NOT_KNOWN) ? Outcome.UNKNOWN : Outcome.REFUSED
                        : Outcome.UNEXPECTED;
            default -> Outcome.UNEXPECTED;
        };
    }

    List<Request> reads() {
        return List.copyOf(reads);
    }

    List<Request> starts() {
        return List.copyOf(starts);
    }

    /** Waits for the requests that are under way; they are the last. */
    void stop() throws InterruptedException {
        closed = true;
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
