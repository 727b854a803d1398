package org.pushjobs.simulator.failover;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.pushjobs.simulator.bench.bed.BenchException;
import org.pushjobs.simulator.bench.bed.Waiting;
import org.pushjobs.simulator.failover.Frontend.Answer;
import org.pushjobs.simulator.failover.History.Followed;
import org.pushjobs.simulator.failover.History.Shown;

/**
 * The large jobs of a round, one after another, each with a reader of its feed. Who starts them has an Idempotency-Key, and so
 * asks again until he knows. For one thread.
 */
final class LargeJobs {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> LIVE = Set.of("new", "voting", "running");
    private static final String COMPLETE = "complete";
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    /** The server answers who starts a job within 10 s, whatever fails. */
    private static final Duration START_PATIENCE = Duration.ofSeconds(11);

    private static final int CREATED = 201;
    private static final int OK = 200;

    private final Supplier<Frontend> clients;
    private final Frontend frontend;
    private final List<String> participants;
    private final List<String> commands;
    private final Duration atMost;
    private final Random random = new Random();
    private final List<Started> started = new ArrayList<>();

    private record Started(String id, List<String> nodes, Set<String> ends, FeedWatcher feed) {}

    /**
     * @param clients gives each reader of a feed one of his own
     * @param participants nodes
     * @param commands where there are several, one job follows another
     * @param atMost for each thing that is waited for
     */
    LargeJobs(Supplier<Frontend> clients, List<String> participants, List<String> commands, Duration atMost) {
        this.clients = clients;
        this.frontend = clients.get();
        this.participants = List.copyOf(participants);
        this.commands = List.copyOf(commands);
        this.atMost = atMost;
    }

    /** Starts the first one, which has to complete; gives its id. */
    String startOnAll() throws InterruptedException {
        start(participants, commands.getFirst(), Set.of(COMPLETE));
        return started.getFirst().id();
    }

    /** Returns when that is over, and all jobs. */
    void goOnUntil(BooleanSupplier over) throws InterruptedException {
        while (commands.size() > 1 && !over.getAsBoolean()) {
            awaitEnds();
            startOnSome(over);
        }
        Waiting.value("the end of the fault", atMost, over::getAsBoolean, isOver -> isOver);
        awaitEnds();
    }

    /** A node may go between being asked for and its vote, so that the job has no quorum: then nobody runs it. */
    private void startOnSome(BooleanSupplier over) throws InterruptedException {
        List<String> nodes = new ArrayList<>(participants);
        Collections.shuffle(nodes, random);
        List<String> some = nodes.subList(0, 1 + random.nextInt(nodes.size()));
        Waiting.value("nodes that are available", atMost, () -> over.getAsBoolean() || areAvailable(some), are -> are);
        start(some, commands.get(random.nextInt(commands.size())), Set.of(COMPLETE, "quorum_failed"));
    }

    private boolean areAvailable(Collection<String> nodes) throws IOException {
        Set<String> available = new HashSet<>();
        for (JsonNode state : document("node_states")) {
            if (state.path("availability").asText().equals("available")) {
                available.add(state.path("node_name").asText());
            }
        }
        return available.containsAll(nodes);
    }

    private void start(List<String> nodes, String command, Set<String> ends) throws InterruptedException {
        ObjectNode job = JSON.createObjectNode().put("command", command);
        nodes.forEach(job.putArray("nodes")::add);
        Map<String, String> key = Map.of("Idempotency-Key", UUID.randomUUID().toString());
        String id = Waiting.value("the start of a job", atMost, () -> start(job.toString(), key), _ -> true);
        started.add(new Started(id, List.copyOf(nodes), ends, FeedWatcher.ofJob(clients.get(), id)));
    }

    private String start(String body, Map<String, String> key) throws IOException {
        Answer answer = frontend.post("jobs", body, key, START_PATIENCE);
        return switch (Users.outcome(answer, CREATED)) {
            case DONE -> JSON.readTree(answer.body()).path("id").asText();
            case REFUSED, UNKNOWN -> throw new IOException("the start of a job was answered by " + answer);
            case UNEXPECTED -> throw new BenchException("the start of a job was answered by " + answer);
        };
    }

    private void awaitEnds() throws InterruptedException {
        String id = started.getLast().id();
        Waiting.value("the end of job " + id, atMost, () -> shown(id), shown -> !LIVE.contains(shown.status()));
    }

    /**
     * All of them, with what their readers got.
     *
     * @param feedPatience for each of the readers; one that is not done by then is left with what he has
     */
    List<Followed> followed(Duration feedPatience) throws InterruptedException {
        List<Followed> all = new ArrayList<>();
        for (Started job : started) {
            boolean ended = job.feed().awaitEnd(feedPatience);
            if (!ended) {
                job.feed().close();
            }
            Shown shown = Waiting.value("job " + job.id(), atMost, () -> shown(job.id()), _ -> true);
            all.add(new Followed(job.id(), job.nodes(), job.ends(), job.feed().events(), ended, shown));
        }
        return all;
    }

    /** How often their readers had to ask again. */
    int breaks() {
        return started.stream().mapToInt(job -> job.feed().breaks().size()).sum();
    }

    private Shown shown(String id) throws IOException {
        JsonNode document = document("jobs/" + id);
        Map<String, String> statuses = new LinkedHashMap<>();
        document.path("nodes")
                .properties()
                .forEach(status -> status.getValue().forEach(node -> statuses.put(node.asText(), status.getKey())));
        return new Shown(document.path("status").asText(), statuses);
    }

    private JsonNode document(String path) throws IOException {
        Answer answer = frontend.get(path, PATIENCE);
        if (answer.status() != OK) {
            throw new IOException(path + " was answered by " + answer.status());
        }
        return JSON.readTree(answer.body());
    }
}
