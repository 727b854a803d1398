package org.pushjobs.workstation.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pushjobs.chefhttp.ServerUrl;
import org.pushjobs.workstation.screen.DataTimes;
import org.pushjobs.workstation.settings.Settings;

/**
 * The server's REST API (rest-api.md) and the node search of the Chef server in front of it. Every call blocks the calling
 * thread, for at most {@value #TIMEOUT_SECONDS} seconds a request; usable from any thread.
 */
public final class PushJobsClient implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int TIMEOUT_SECONDS = 60;
    private static final String BYTES_TYPE = "application/octet-stream";
    private static final String FEED_TYPE = "text/event-stream";
    private static final byte[] EMPTY_OBJECT = {'{', '}'};

    /** No job has such an id. */
    private static final String NO_JOB = "none";

    private final Settings settings;
    private final InstantSource clock;
    private final SignedHttp http;

    PushJobsClient(Settings settings, InstantSource clock, RequestLog log) {
        this(settings, clock, Duration.ofSeconds(TIMEOUT_SECONDS), log);
    }

    PushJobsClient(Settings settings, InstantSource clock, Duration timeout, RequestLog log) {
        this.settings = settings;
        this.clock = clock;
        this.http = new SignedHttp(settings, clock, timeout, log);
    }

    /** Who asks. */
    public String user() {
        return settings.user();
    }

    /** Whom it asks. */
    public ServerUrl serverUrl() {
        return settings.serverUrl();
    }

    /** Who asks, and where that is set, for people. */
    public String identityOrigin() {
        return settings.identityOrigin();
    }

    /** Asks for the newest job, to see what the answer is. */
    public Trial tryToRead() throws ServerFailure, InterruptedException {
        return trial("GET", "jobs?limit=1");
    }

    /** Asks for the end of a job that cannot be, to see what the answer is: one needs the same right as to start jobs. */
    public Trial tryToWrite() throws ServerFailure, InterruptedException {
        return trial("POST", "jobs/" + NO_JOB + "/abort");
    }

    private Trial trial(String method, String path) throws ServerFailure, InterruptedException {
        long begin = System.nanoTime();
        HttpResponse<byte[]> answer = http.ask(method, pushy(path));
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        Optional<RequestRefusedException> refusal = answer.statusCode() / 100 == 2
                ? Optional.empty()
                : Optional.of(
                        http.refused(answer, Optional.ofNullable(answer.body()).orElse(new byte[0])));
        Optional<Duration> clockAhead = answer.headers()
                .firstValue("Date")
                .flatMap(DataTimes::parse)
                .map(time -> Duration.between(time, clock.instant()));
        return new Trial(answer.statusCode(), SignedHttp.isOurs(answer), refusal, clockAhead, took);
    }

    /**
     * Starts a job. When the server becomes unreachable meanwhile it may have started all the same.
     *
     * @param key the same for the same job: our server starts it once, however often it is asked
     */
    public StartedJob start(JobRequest job, String key) throws ServerFailure, InterruptedException {
        return StartedJob.of(json(http.post(pushy("jobs"), job.toJson(), Map.of("Idempotency-Key", key))));
    }

    /** Whether it is our server that answers, or the original one, which knows fewer things. */
    public boolean isOurs() throws ServerFailure, InterruptedException {
        try {
            return SignedHttp.isOurs(jobList("?limit=1"));
        } catch (RequestRefusedException e) {
            if (e.isOurs() || !e.temporary()) {
                return e.isOurs();
            }
            throw e;
        }
    }

    /** Asks for the end of a job; it goes on until its nodes have answered. */
    public AbortedJob abort(String id) throws ServerFailure, InterruptedException {
        return AbortedJob.of(json(http.post(pushy("jobs/" + segment(id) + "/abort"), EMPTY_OBJECT)));
    }

    /** The job with its nodes. */
    public JobDocument job(String id) throws ServerFailure, InterruptedException {
        return JobDocument.of(get("jobs/" + segment(id)));
    }

    /** The same with the file that the command got, and with what is known of each node, where the server can tell. */
    public JobDocument jobWithFile(String id) throws ServerFailure, InterruptedException {
        return JobDocument.of(get("jobs/" + segment(id) + "?include_file=true&detail=true"));
    }

    /** The job with its nodes and with what is known of each, where the server can tell. */
    public JobDocument jobInDetail(String id) throws ServerFailure, InterruptedException {
        return JobDocument.of(get("jobs/" + segment(id) + "?detail=true&output_tail=true"));
    }

    /** Jobs of the organization, without their nodes, newest last. */
    public List<JobDocument> jobs(JobQuery query) throws ServerFailure, InterruptedException {
        return new JobListing(this, query).find();
    }

    HttpResponse<byte[]> jobList(String query) throws ServerFailure, InterruptedException {
        return http.get(pushy("jobs" + query), SignedHttp.JSON);
    }

    List<JobDocument> jobsOf(HttpResponse<byte[]> list) throws UnusableAnswerException {
        List<JobDocument> jobs = new ArrayList<>();
        for (JsonNode job : array(list)) {
            jobs.add(JobDocument.of(job));
        }
        return jobs;
    }

    /** What the command wrote on one node, as captured. */
    public byte[] output(String id, String node, OutputChannel channel) throws ServerFailure, InterruptedException {
        return http.get(outputUri(id, node, channel, ""), BYTES_TYPE).body();
    }

    /**
     * The same while the command goes on, up to its end; to be closed.
     *
     * @param offset how many bytes are known already
     */
    public AnswerStream followOutput(String id, String node, OutputChannel channel, long offset)
            throws ServerFailure, InterruptedException {
        return http.stream(outputUri(id, node, channel, "?follow=true&offset=" + offset), BYTES_TYPE, Map.of());
    }

    private URI outputUri(String id, String node, OutputChannel channel, String query) {
        return pushy("jobs/" + segment(id) + "/output/" + segment(node) + "/" + channel + query);
    }

    /**
     * What happens to a job, from its start or from after an event; to be closed.
     *
     * @param after the id of the last event seen
     * @param content whether what the commands write comes, too, and whether it ends after what there is, where the server can
     *     do that
     */
    public FeedReader feed(String id, Optional<String> after, FeedContent content)
            throws ServerFailure, InterruptedException {
        String query = switch (content) {
            case EVENTS -> "";
            case EVENTS_AND_OUTPUT -> "?output=true";
            case EVENTS_SO_FAR -> "?history=true";
        };
        return new FeedReader(http.stream(
                pushy("job_status_feed/" + segment(id) + query),
                FEED_TYPE,
                after.map(last -> Map.of("Last-Event-ID", last)).orElse(Map.of())));
    }

    /** All nodes with a live session. */
    public List<NodeState> nodeStates() throws ServerFailure, InterruptedException {
        return nodeStates("node_states");
    }

    /** All nodes that are known, with what is known of them, where the server can tell; else as {@link #nodeStates()}. */
    public List<NodeState> knownNodes() throws ServerFailure, InterruptedException {
        return nodeStates("node_states?all=true&detail=true");
    }

    /** The names of all nodes that are known, in order; the original server knows those with a live session. */
    public List<String> nodeNames() throws ServerFailure, InterruptedException {
        return nodeStates("node_states?all=true").stream()
                .map(NodeState::node)
                .sorted()
                .toList();
    }

    private List<NodeState> nodeStates(String path) throws ServerFailure, InterruptedException {
        List<NodeState> states = new ArrayList<>();
        for (JsonNode state : array(http.get(pushy(path), SignedHttp.JSON))) {
            states.add(NodeState.of(state));
        }
        return states;
    }

    /** One node with what is known of it; one that the server does not know is unavailable. */
    public NodeState nodeState(String node) throws ServerFailure, InterruptedException {
        return NodeState.of(get("node_states/" + segment(node) + "?detail=true"));
    }

    /** The names of the nodes that a search on the Chef server finds, each once. */
    public List<String> searchNodes(String query) throws ServerFailure, InterruptedException {
        return new NodeSearch(this).names(query);
    }

    JsonNode search(String path) throws ServerFailure, InterruptedException {
        return json(http.get(settings.serverUrl().chef(path), SignedHttp.JSON));
    }

    JsonNode searchPartially(String path, byte[] fields) throws ServerFailure, InterruptedException {
        return json(http.post(settings.serverUrl().chef(path), fields));
    }

    private URI pushy(String path) {
        return settings.serverUrl().pushy(path);
    }

    private JsonNode get(String path) throws ServerFailure, InterruptedException {
        return json(http.get(pushy(path), SignedHttp.JSON));
    }

    private static JsonNode array(HttpResponse<byte[]> answer) throws UnusableAnswerException {
        JsonNode array = json(answer);
        if (!array.isArray()) {
            throw new UnusableAnswerException("no JSON array");
        }
        return array;
    }

    private static JsonNode json(HttpResponse<byte[]> answer) throws UnusableAnswerException {
        try {
            return JSON.readTree(answer.body());
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
