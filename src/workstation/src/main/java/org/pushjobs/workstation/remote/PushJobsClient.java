package org.pushjobs.workstation.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.pushjobs.workstation.settings.Settings;

/**
 * The server's REST API (rest-api.md). Every call blocks the calling thread, for at most {@value #TIMEOUT_SECONDS} seconds;
 * usable from any thread.
 */
public final class PushJobsClient implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int TIMEOUT_SECONDS = 60;
    private static final String JSON_TYPE = "application/json";
    private static final String BYTES_TYPE = "application/octet-stream";

    private final SignedHttp http;

    public PushJobsClient(Settings settings, InstantSource clock) {
        this(settings, clock, Duration.ofSeconds(TIMEOUT_SECONDS));
    }

    PushJobsClient(Settings settings, InstantSource clock, Duration timeout) {
        this.http = new SignedHttp(settings, clock, timeout);
    }

    /** Starts a job. When the server becomes unreachable meanwhile it may have started all the same. */
    public StartedJob start(JobRequest job) throws ServerFailure, InterruptedException {
        return StartedJob.of(json(http.post("jobs", job.toJson())));
    }

    /** The job with its nodes. */
    public JobDocument job(String id) throws ServerFailure, InterruptedException {
        return JobDocument.of(json(http.get("jobs/" + segment(id), JSON_TYPE)));
    }

    /** All jobs of the organization, without their nodes, newest last. */
    public List<JobDocument> jobs() throws ServerFailure, InterruptedException {
        List<JobDocument> jobs = new ArrayList<>();
        for (JsonNode job : array("jobs")) {
            jobs.add(JobDocument.of(job));
        }
        return jobs;
    }

    /** What the command wrote on one node, as captured. */
    public byte[] output(String id, String node, OutputChannel channel) throws ServerFailure, InterruptedException {
        return http.get("jobs/" + segment(id) + "/output/" + segment(node) + "/" + channel, BYTES_TYPE);
    }

    /** All nodes with a live session. */
    public List<NodeState> nodeStates() throws ServerFailure, InterruptedException {
        List<NodeState> states = new ArrayList<>();
        for (JsonNode state : array("node_states")) {
            states.add(NodeState.of(state));
        }
        return states;
    }

    /** One node; one that the server does not know is unavailable. */
    public NodeState nodeState(String node) throws ServerFailure, InterruptedException {
        return NodeState.of(json(http.get("node_states/" + segment(node), JSON_TYPE)));
    }

    private JsonNode array(String path) throws ServerFailure, InterruptedException {
        JsonNode array = json(http.get(path, JSON_TYPE));
        if (!array.isArray()) {
            throw new UnusableAnswerException("no JSON array");
        }
        return array;
    }

    private static JsonNode json(byte[] body) throws UnusableAnswerException {
        try {
            return JSON.readTree(body);
        } catch (IOException e) {
            throw new UnusableAnswerException("not JSON");
        }
    }

    /** One part of a path, percent-encoded. Colons, which node names may have, stay. */
    private static String segment(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%3A", ":");
    }

    @Override
    public void close() {
        http.close();
    }
}
