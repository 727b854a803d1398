package org.pushjobs.simulator.failover;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.interfaces.RSAPrivateKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.pushjobs.protocol.keys.InvalidKeyTextException;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.simulator.CannotRunException;
import org.pushjobs.simulator.bench.bed.Waiting;
import org.pushjobs.simulator.diary.Entry;
import org.pushjobs.simulator.failover.History.Followed;
import org.pushjobs.simulator.failover.Request.Outcome;
import org.pushjobs.simulator.fleet.NodeNames;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code round}: large jobs, during which somebody else lets something fail, and the judgement. */
@Command(
        name = "round",
        description = {
            "Starts a job on all nodes and prints its id; then whoever calls this lets something fail, writes the time of that",
            "(milliseconds since 1970) into DIR/fault, a line each time, and makes the file DIR/over when it has been mended.",
            "What is wrong and he knows of is in DIR/wrong, a line each, what he has measured in DIR/measured, lines of a name,",
            "a number and the most that it may be, or -. When the job has ended, too, all that was recorded is checked.",
            "DIR/result.json has what was found. Status 1: something is wrong."
        },
        mixinStandardHelpOptions = true)
final class RoundCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration FEED_PATIENCE = Duration.ofSeconds(20);
    /** More than a vote takes whose node does not come back. */
    private static final Duration SMALL_JOBS_PATIENCE = Duration.ofSeconds(90);

    @Option(
            names = "--organisation",
            paramLabel = "URL",
            required = true,
            description = "At a frontend; may be given repeatedly: who gets no answer at one goes on at the next.")
    private List<URI> organisations;

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

    @Option(
            names = "--command",
            paramLabel = "TEXT",
            required = true,
            description =
                    "Of the large job. Where it is given repeatedly there is one job after another until DIR/over is"
                            + " there, all but the first on random nodes and with one of the commands.")
    private List<String> commands;

    @Option(
            names = "--diary",
            paramLabel = "FILE",
            required = true,
            description = "Of agents; may be given repeatedly.")
    private List<Path> diaries;

    @Option(names = "--seconds", paramLabel = "N", required = true, description = "How long it may take.")
    private long seconds;

    @Option(
            names = "--refusals",
            description = "It is wrong when nobody is told by 503 that the servers cannot serve him.")
    private boolean refusals;

    @Option(names = "--out", paramLabel = "DIR", required = true)
    private Path directory;

    @Override
    public Integer call() throws Exception {
        long beganMillis = System.currentTimeMillis();
        RSAPrivateKey adminKey = adminKey();
        Supplier<Frontend> clients = () -> new Frontend(organisations, user, adminKey);
        RecordedDatabase recorded = new RecordedDatabase(database);
        recorded.takeNotes();
        long before = recorded.lastWrite();
        try (FeedWatcher all = FeedWatcher.ofOrganisation(clients.get())) {
            if (!all.awaitOpen(PATIENCE)) {
                throw new CannotRunException("the organisation's feed does not open: " + all.breaks());
            }
            LargeJobs jobs = new LargeJobs(clients, participants(), commands, Duration.ofSeconds(seconds));
            String id = jobs.startOnAll();
            Users users = new Users(clients, id, names(nodes, others));
            System.out.println(id);
            jobs.goOnUntil(() -> Files.exists(directory.resolve("over")));
            users.stop();
            Waiting.value("the ends of the small jobs", SMALL_JOBS_PATIENCE, recorded::liveJobs, live -> live == 0);
            List<Followed> followed = jobs.followed(FEED_PATIENCE);
            List<Write> writes = recorded.writesAfter(before);
            Map<String, StoredJob> stored = recorded.jobsMadeBy(writes);
            awaitEvents(all, 2L * stored.size());
            History history = new History(
                    followed,
                    lines("fault").stream().map(Long::parseLong).toList(),
                    entriesSince(beganMillis),
                    all.events(),
                    users.reads(),
                    users.starts(),
                    stored,
                    writes);
            List<Measured> measured =
                    lines("measured").stream().map(Measured::parse).toList();
            List<String> wrong = new ArrayList<>(lines("wrong"));
            measured.forEach(found -> found.excess().ifPresent(wrong::add));
            wrong.addAll(Checks.violations(history));
            if (refusals && refused(history) == 0) {
                wrong.add("nobody was told by 503 that the servers cannot serve him");
            }
            write(history, measured, wrong, jobs.breaks() + all.breaks().size());
            wrong.forEach(line -> System.out.println("WRONG: " + line));
            return wrong.isEmpty() ? 0 : 1;
        }
    }

    private List<String> lines(String file) throws IOException {
        Path path = directory.resolve(file);
        return Files.exists(path) ? Files.readAllLines(path) : List.of();
    }

    private static long refused(History history) {
        return Stream.concat(history.reads().stream(), history.starts().stream())
                .filter(request -> request.outcome() == Outcome.REFUSED)
                .count();
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

    private static long complete(History history) {
        return history.jobs().stream()
                .filter(job -> job.shown().status().equals("complete"))
                .count();
    }

    private void write(History history, List<Measured> measured, List<String> wrong, int breaks) throws IOException {
        Gaps gaps = Gaps.of(history);
        ObjectNode result = JSON.createObjectNode()
                .put("job", history.jobs().getFirst().id())
                .put("faults", history.faults().size())
                .put("large_jobs", history.jobs().size())
                .put("large_jobs_complete", complete(history))
                .put("small_jobs", history.starts().size())
                .put("refused", refused(history))
                .put("feed_breaks", breaks)
                .put(
                        "epochs",
                        history.writes().stream().map(Write::epoch).distinct().count())
                .put("reads_gap_millis", gaps.reads())
                .put("starts_gap_millis", gaps.starts())
                .put("work_gap_millis", gaps.work());
        gaps.agents().forEach(result.putArray("agents_gap_millis")::add);
        measured.forEach(found -> result.withObject("measured")
                .withObject(found.name())
                .put("most", found.mostText())
                .withArray("values")
                .add(found.value()));
        wrong.forEach(result.putArray("wrong")::add);
        Files.writeString(directory.resolve("result.json"), result.toString());
    }
}
