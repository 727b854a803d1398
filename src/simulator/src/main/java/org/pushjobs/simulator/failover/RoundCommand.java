package org.pushjobs.simulator.failover;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.interfaces.RSAPrivateKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.pushjobs.protocol.keys.InvalidKeyTextException;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.simulator.CannotRunException;
import org.pushjobs.simulator.bench.bed.Waiting;
import org.pushjobs.simulator.diary.Entry;
import org.pushjobs.simulator.failover.Frontend.Answer;
import org.pushjobs.simulator.failover.History.Shown;
import org.pushjobs.simulator.fleet.NodeNames;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code round}: one large job, during which somebody else lets something fail, and the judgement. */
@Command(
        name = "round",
        description = {
            "Starts a job on all nodes and prints its id; then whoever calls this lets something fail, writes the time of that",
            "(milliseconds since 1970) into DIR/fault, and makes the file DIR/over when it has been mended. When the job has",
            "ended, too, all that was recorded is checked. DIR/result.json has what was found. Status 1: something is wrong."
        },
        mixinStandardHelpOptions = true)
final class RoundCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> LIVE = Set.of("new", "voting", "running");
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration FEED_PATIENCE = Duration.ofSeconds(20);
    /** More than a vote takes whose node does not come back. */
    private static final Duration SMALL_JOBS_PATIENCE = Duration.ofSeconds(90);

    private static final int CREATED = 201;
    private static final int OK = 200;

    @Option(names = "--organisation", paramLabel = "URL", required = true, description = "At the frontend.")
    private URI organisation;

    @Option(names = "--user", paramLabel = "NAME", required = true, description = "Its administrator.")
    private String user;

    @Option(names = "--key", paramLabel = "FILE", required = true, description = "His key.")
    private Path key;

    @Option(names = "--database", paramLabel = "URL", required = true, description = "The servers' database, for JDBC.")
    private String database;

    @Option(names = "--nodes", paramLabel = "N", required = true, description = "The first N nodes run the large job.")
    private int nodes;

    @Option(names = "--others", paramLabel = "N", required = true, description = "As many after them, small jobs.")
    private int others;

    @Option(names = "--node", paramLabel = "NAME", description = "Another node that runs the large job, too.")
    private List<String> more = List.of();

    @Option(names = "--command", paramLabel = "TEXT", required = true, description = "Of the large job.")
    private String command;

    @Option(
            names = "--diary",
            paramLabel = "FILE",
            required = true,
            description = "Of agents; may be given repeatedly.")
    private List<Path> diaries;

    @Option(names = "--seconds", paramLabel = "N", required = true, description = "How long it may take.")
    private long seconds;

    @Option(names = "--out", paramLabel = "DIR", required = true)
    private Path directory;

    @Override
    public Integer call() throws Exception {
        long beganMillis = System.currentTimeMillis();
        Frontend frontend = new Frontend(organisation, user, adminKey());
        RecordedDatabase recorded = new RecordedDatabase(database);
        recorded.takeNotes();
        long before = recorded.lastWrite();
        try (FeedWatcher all = FeedWatcher.ofOrganisation(frontend)) {
            if (!all.awaitOpen(PATIENCE)) {
                throw new CannotRunException("the organisation's feed does not open: " + all.breaks());
            }
            String id = start(frontend);
            FeedWatcher one = FeedWatcher.ofJob(frontend, id);
            Users users = new Users(frontend, id, names(nodes, others));
            System.out.println(id);
            awaitEnd(frontend, id, Duration.ofSeconds(seconds));
            users.stop();
            Waiting.value("the ends of the small jobs", SMALL_JOBS_PATIENCE, recorded::liveJobs, live -> live == 0);
            List<String> wrong = new ArrayList<>();
            if (!one.awaitEnd(FEED_PATIENCE)) {
                wrong.add("the job's feed did not end");
                one.close();
            }
            List<Write> writes = recorded.writesAfter(before);
            Map<String, StoredJob> stored = recorded.jobsMadeBy(writes);
            awaitEvents(all, 2L * stored.size());
            History history = new History(
                    id,
                    participants(),
                    Long.parseLong(Files.readString(directory.resolve("fault")).strip()),
                    entriesSince(beganMillis),
                    one.events(),
                    all.events(),
                    shown(frontend, id),
                    users.reads(),
                    users.starts(),
                    stored,
                    writes);
            wrong.addAll(Checks.violations(history));
            write(history, wrong, one.breaks().size() + all.breaks().size());
            wrong.forEach(line -> System.out.println("WRONG: " + line));
            return wrong.isEmpty() ? 0 : 1;
        }
    }

    private RSAPrivateKey adminKey() throws IOException {
        try {
            return PemKeys.privateKey(Files.readString(key));
        } catch (InvalidKeyTextException e) {
            throw new CannotRunException("the key cannot be read from " + key + ": " + e.getMessage());
        }
    }

    private static List<String> names(int first, int count) {
        NodeNames names = new NodeNames(NodeNames.DEFAULT_PREFIX, 1);
        return IntStream.range(first, first + count).mapToObj(names::name).toList();
    }

    private List<String> participants() {
        List<String> all = new ArrayList<>(names(0, nodes));
        all.addAll(more);
        return all;
    }

    private String start(Frontend frontend) throws IOException {
        ObjectNode job = JSON.createObjectNode().put("command", command);
        participants().forEach(job.putArray("nodes")::add);
        Answer answer = frontend.post("jobs", job.toString(), PATIENCE);
        if (answer.status() != CREATED) {
            throw new CannotRunException("the job was not started: " + answer);
        }
        return JSON.readTree(answer.body()).path("id").asText();
    }

    private void awaitEnd(Frontend frontend, String id, Duration atMost) throws InterruptedException {
        Waiting.value("the end of the fault", atMost, () -> Files.exists(directory.resolve("over")), over -> over);
        Waiting.value("the end of the job", atMost, () -> shown(frontend, id), shown -> !LIVE.contains(shown.status()));
    }

    private static Shown shown(Frontend frontend, String id) throws IOException {
        Answer answer = frontend.get("jobs/" + id, PATIENCE);
        if (answer.status() != OK) {
            throw new IOException("the job was answered by " + answer.status());
        }
        JsonNode document = JSON.readTree(answer.body());
        Map<String, String> statuses = new LinkedHashMap<>();
        document.path("nodes")
                .properties()
                .forEach(status -> status.getValue().forEach(node -> statuses.put(node.asText(), status.getKey())));
        return new Shown(document.path("status").asText(), statuses);
    }

    /** Diaries go on from round to round. */
    private List<Entry> entriesSince(long millis) throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (Path diary : diaries) {
            if (Files.exists(diary)) {
                Files.readAllLines(diary).stream()
                        .map(Entry::parse)
                        .filter(entry -> entry.atMillis() >= millis)
                        .forEach(entries::add);
            }
        }
        return entries;
    }

    /** Late ones get their time; that some never come is for the checks to say. */
    private static void awaitEvents(FeedWatcher feed, long count) throws InterruptedException {
        long deadline = System.nanoTime() + FEED_PATIENCE.toNanos();
        while (feed.events().size() < count && System.nanoTime() < deadline) {
            Thread.sleep(100);
        }
    }

    private void write(History history, List<String> wrong, int breaks) throws IOException {
        Gaps gaps = Gaps.of(history);
        ObjectNode result = JSON.createObjectNode()
                .put("job", history.jobId())
                .put("small_jobs", history.starts().size())
                .put("feed_breaks", breaks)
                .put(
                        "epochs",
                        history.writes().stream().map(Write::epoch).distinct().count())
                .put("reads_gap_millis", gaps.reads())
                .put("starts_gap_millis", gaps.starts())
                .put("work_gap_millis", gaps.work());
        gaps.agents().forEach(result.putArray("agents_gap_millis")::add);
        wrong.forEach(result.putArray("wrong")::add);
        Files.writeString(directory.resolve("result.json"), result.toString());
    }
}
