package org.pushjobs.apitest;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/** What cases work with: the API, and an agent that is started once it is needed. */
final class Bench implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration PAUSE = Duration.ofMillis(250);
    private static final Set<String> ENDED = Set.of("complete", "quorum_failed", "crashed", "aborted", "timed_out");

    private final TestSettings settings;
    private final Api api;
    private Optional<AgentProcess> agent = Optional.empty();

    Bench(TestSettings settings, Api api) {
        this.settings = settings;
        this.api = api;
    }

    Api api() {
        return api;
    }

    /** The agent's name. */
    String node() {
        return settings.client();
    }

    String organisation() {
        return settings.organisation();
    }

    /** Has the agent run and waits until jobs can be started on it. */
    void requireAgent() throws CaseFailure, IOException, InterruptedException {
        if (agent.filter(AgentProcess::isAlive).isEmpty()) {
            agent = Optional.of(AgentProcess.start(settings));
        }
        await("the node to be available", "node_states/" + node(), this::isAvailable);
    }

    private boolean isAvailable(JsonNode state) {
        return state.path("availability").asText().equals("available");
    }

    /** Stops the agent, and waits until the server knows. */
    void stopAgent() throws CaseFailure, IOException, InterruptedException {
        agent.ifPresent(AgentProcess::close);
        agent = Optional.empty();
        await("the node to be unavailable", "node_states/" + node(), state -> !isAvailable(state));
    }

    /** @return its id */
    String start(Map<String, ?> job) throws CaseFailure, IOException, InterruptedException {
        JsonNode answer = api.post("jobs", job).require(201).json();
        String uri = answer.path("uri").asText();
        if (!uri.contains("/pushy/jobs/")) {
            throw new CaseFailure("the answer to a new job has no uri of it: " + answer);
        }
        return uri.substring(uri.lastIndexOf('/') + 1);
    }

    /** A job on the agent. */
    Map<String, Object> job(String command) {
        return new TreeMap<>(Map.of("command", command, "nodes", List.of(node()), "run_timeout", 120));
    }

    /** The job once it has ended. */
    JsonNode ended(String id) throws CaseFailure, IOException, InterruptedException {
        return await(
                "the job to end",
                "jobs/" + id,
                job -> ENDED.contains(job.path("status").asText()));
    }

    /** Waits until the agent takes jobs: it may still be ending the command of a job that has ended for the server. */
    void awaitFreeAgent() throws CaseFailure, IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        JsonNode job = ended(start(job(AgentProcess.SUCCEEDS)));
        while (!job.path("status").asText().equals("complete")) {
            if (System.nanoTime() > deadline) {
                throw new CaseFailure("waited " + PATIENCE.toSeconds() + " s for the agent to take a job; the last is "
                        + job + "; the agent logged last:\n" + agentLog());
            }
            Thread.sleep(PAUSE);
            job = ended(start(job(AgentProcess.SUCCEEDS)));
        }
    }

    /** Waits until a document is as it should be. */
    JsonNode await(String what, String path, Predicate<JsonNode> good)
            throws CaseFailure, IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            JsonNode document = api.get(path).require(200).json();
            if (good.test(document)) {
                return document;
            }
            if (agent.filter(running -> !running.isAlive()).isPresent()) {
                throw new CaseFailure("the agent has ended; it logged last:\n" + agentLog());
            }
            if (System.nanoTime() > deadline) {
                throw new CaseFailure("waited " + PATIENCE.toSeconds() + " s for " + what + "; it is " + document
                        + "; the agent logged last:\n" + agentLog());
            }
            Thread.sleep(PAUSE);
        }
    }

    private String agentLog() {
        return agent.map(AgentProcess::lastLines).orElse("(there is none)");
    }

    @Override
    public void close() {
        agent.ifPresent(AgentProcess::close);
        agent = Optional.empty();
    }
}
