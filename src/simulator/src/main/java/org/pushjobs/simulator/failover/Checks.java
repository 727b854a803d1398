package org.pushjobs.simulator.failover;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.pushjobs.simulator.diary.Entry;
import org.pushjobs.simulator.diary.Entry.What;
import org.pushjobs.simulator.failover.History.Followed;
import org.pushjobs.simulator.failover.Request.Outcome;
import org.pushjobs.simulator.failover.Write.Kind;

/**
 * What must hold of a history, whatever failed meanwhile (cluster.md, "What must hold"). Each check gives what is wrong, a line each,
 * and nothing when all is well. Longer than most classes, because the checks belong together and each is short.
 */
final class Checks {
    private static final String COMPLETE = "complete";
    private static final String SUCCEEDED = "succeeded";
    private static final int RUNNING = 1;
    /** Of jobs: voting, running, new. */
    private static final Set<Integer> LIVE_JOB = Set.of(0, 1, 5);
    /** Of nodes: new, ready, running. */
    private static final Set<Integer> LIVE_NODE = Set.of(0, 1, 2);

    private static final int MOST_OF_A_KIND = 5;

    private final History history;
    private final Map<String, Map<String, List<Entry>>> diaries;

    private Checks(History history) {
        this.history = history;
        this.diaries = history.diaries().stream()
                .filter(entry -> entry.jobId().isPresent())
                .collect(Collectors.groupingBy(entry -> entry.jobId().get(), Collectors.groupingBy(Entry::node)));
    }

    /** All that is wrong; at most {@value #MOST_OF_A_KIND} lines of each check. */
    static List<String> violations(History history) {
        return new Checks(history).all();
    }

    private List<String> all() {
        List<String> all = new ArrayList<>();
        for (List<String> found : List.of(
                ofEachJob(this::jobEndedWell),
                someJobsCompleted(),
                everyCommandRanOnce(),
                nothingRanUnstored(),
                ofEachJob(this::apiAgreesWithTheDatabase),
                terminalStatesStay(),
                ofEachJob(this::feedIsWhole),
                organisationsFeedIsWhole(),
                acceptedJobsAreThere(),
                refusedJobsAreNot(),
                answersAreExpected(),
                epochsDoNotMix())) {
            found.stream().limit(MOST_OF_A_KIND).forEach(all::add);
            if (found.size() > MOST_OF_A_KIND) {
                all.add("... and " + (found.size() - MOST_OF_A_KIND) + " more of that kind");
            }
        }
        return all;
    }

    /** What a check finds of large jobs; that one is not stored at all is found here. */
    private List<String> ofEachJob(BiFunction<Followed, StoredJob, List<String>> check) {
        return history.jobs().stream()
                .flatMap(followed -> Optional.ofNullable(history.stored().get(followed.id()))
                        .map(stored -> check.apply(followed, stored))
                        .orElseGet(() -> List.of("the database does not have job " + followed.id()))
                        .stream())
                .toList();
    }

    /** The job completes and no result is lost; or it ends in another good way and nobody has run it. */
    private List<String> jobEndedWell(Followed followed, StoredJob job) {
        List<String> wrong = new ArrayList<>();
        if (!followed.ends().contains(job.status())) {
            wrong.add("job " + job.id() + " is " + job.status());
        }
        for (String node : followed.nodes()) {
            String status = job.nodes().getOrDefault(node, "not there");
            if (job.status().equals(COMPLETE) ? !status.equals(SUCCEEDED) : runs(job.id(), node) > 0) {
                wrong.add(node + " is " + status + " and job " + job.id() + " " + job.status() + "; its agent: "
                        + diary(job.id(), node));
            }
        }
        return wrong;
    }

    /** Nodes that go before their vote are the exception: not all jobs after the first one have no quorum. */
    private List<String> someJobsCompleted() {
        List<StoredJob> later = history.jobs().stream()
                .skip(1)
                .flatMap(followed -> Optional.ofNullable(history.stored().get(followed.id())).stream())
                .toList();
        return later.isEmpty() || later.stream().anyMatch(job -> job.status().equals(COMPLETE))
                ? List.of()
                : List.of("none of the " + later.size() + " large jobs after the first one is complete");
    }

    private List<String> diary(String jobId, String node) {
        return entries(jobId, node).stream().map(Entry::line).toList();
    }

    private List<Entry> entries(String jobId, String node) {
        return diaries.getOrDefault(jobId, Map.of()).getOrDefault(node, List.of());
    }

    private long runs(String jobId, String node) {
        return entries(jobId, node).stream()
                .filter(entry -> entry.what() == What.ACK_RUN)
                .count();
    }

    private List<String> everyCommandRanOnce() {
        List<String> wrong = new ArrayList<>();
        for (StoredJob stored : history.stored().values()) {
            stored.nodes().forEach((node, status) -> {
                long runs = runs(stored.id(), node);
                long wanted = status.equals(SUCCEEDED) ? 1 : 0;
                if (runs > 1 || runs < wanted) {
                    wrong.add(node + " ran job " + stored.id() + " " + runs + " times and is " + status + ": "
                            + diary(stored.id(), node));
                }
            });
        }
        diaries.forEach((jobId, nodes) -> nodes.forEach((node, _) -> {
            boolean stored = Optional.ofNullable(history.stored().get(jobId))
                    .filter(found -> found.nodes().containsKey(node))
                    .isPresent();
            if (!stored && runs(jobId, node) > 0) {
                wrong.add(node + " ran job " + jobId + ", which the database does not have");
            }
        }));
        return wrong;
    }

    /** Nobody is told to run what is not stored as running. */
    private List<String> nothingRanUnstored() {
        Map<String, Long> runningSince = new HashMap<>();
        history.writes().stream()
                .filter(write -> write.kind() == Kind.JOB && write.after() == RUNNING)
                .forEach(write -> runningSince.putIfAbsent(write.jobId(), write.atMillis()));
        return history.diaries().stream()
                .filter(entry -> entry.what() == What.ACK_RUN)
                .filter(entry -> history.stored().containsKey(entry.jobId().orElse("")))
                .filter(entry ->
                        runningSince.getOrDefault(entry.jobId().orElseThrow(), Long.MAX_VALUE) > entry.atMillis())
                .map(entry -> "ran before the job was stored as running"
                        + Optional.ofNullable(runningSince.get(entry.jobId().orElseThrow()))
                                .map(at -> " at " + at)
                                .orElse("")
                        + ": " + entry.line())
                .toList();
    }

    private List<String> apiAgreesWithTheDatabase(Followed followed, StoredJob job) {
        List<String> wrong = new ArrayList<>();
        if (!followed.shown().status().equals(job.status())) {
            wrong.add("the API says " + followed.shown().status() + " of job " + job.id() + ", the database "
                    + job.status());
        }
        if (!followed.shown().nodes().equals(job.nodes())) {
            wrong.add("the API and the database say differently of the nodes of job " + job.id() + ": "
                    + counted(followed.shown().nodes()) + ", " + counted(job.nodes()));
        }
        return wrong;
    }

    private static Map<String, Long> counted(Map<String, String> nodes) {
        return nodes.values().stream()
                .collect(Collectors.groupingBy(status -> status, TreeMap::new, Collectors.counting()));
    }

    private List<String> terminalStatesStay() {
        return history.writes().stream()
                .filter(write -> switch (write.kind()) {
                    case JOB -> write.before() != Write.NONE && !LIVE_JOB.contains(write.before());
                    case NODE -> write.before() != Write.NONE && !LIVE_NODE.contains(write.before());
                    case EVENT -> false;
                })
                .map(write -> "a terminal state changed: " + write)
                .toList();
    }

    /** All of the stored events, each once, in their order, whatever the reader had to go through. */
    private List<String> feedIsWhole(Followed followed, StoredJob job) {
        List<FeedEvent> feed = followed.feed();
        List<String> wrong = new ArrayList<>();
        if (!followed.feedEnded()) {
            wrong.add("the feed of job " + job.id() + " did not end");
        }
        if (feed.equals(job.events())) {
            return wrong;
        }
        wrong.add("the feed of job " + job.id() + " has " + feed.size() + " events, the database "
                + job.events().size());
        for (int i = 0; i < Math.min(feed.size(), job.events().size()); i++) {
            if (!feed.get(i).equals(job.events().get(i))) {
                wrong.add("event " + i + " of the feed of job " + job.id() + " is " + feed.get(i) + ", of the database "
                        + job.events().get(i));
                break;
            }
        }
        return wrong;
    }

    /** The beginning and the end of each job that has both, once. */
    private List<String> organisationsFeedIsWhole() {
        List<String> wrong = new ArrayList<>();
        Map<String, List<String>> received = history.orgFeed().stream()
                .collect(Collectors.groupingBy(
                        FeedEvent::subject, Collectors.mapping(FeedEvent::name, Collectors.toList())));
        history.stored().values().stream()
                .filter(stored ->
                        stored.events().stream().anyMatch(event -> event.name().equals("job_complete")))
                .forEach(stored -> {
                    List<String> names = received.getOrDefault(stored.id(), List.of());
                    if (!names.equals(List.of("start", "job_complete"))) {
                        wrong.add("the organisation's feed has " + names + " of job " + stored.id());
                    }
                });
        history.orgFeed().stream()
                .filter(event -> event.name().equals("start_of_history"))
                .forEach(event -> wrong.add("the organisation's feed began anew: " + event));
        return wrong;
    }

    /** What was answered by 201 is stored, and ended in a way that its agent knows of. */
    private List<String> acceptedJobsAreThere() {
        List<String> wrong = new ArrayList<>();
        for (Request request : history.starts()) {
            if (request.outcome() != Outcome.DONE) {
                continue;
            }
            StoredJob stored = history.stored().get(request.jobId().orElseThrow());
            if (stored == null) {
                wrong.add("an accepted job is not there: " + request);
            } else if (stored.status().equals(COMPLETE)
                    && !Set.copyOf(stored.nodes().values()).equals(Set.of(SUCCEEDED))) {
                wrong.add("a small job did not succeed: " + stored.nodes() + " " + request + " "
                        + stored.nodes().keySet().stream()
                                .map(node -> diary(stored.id(), node))
                                .toList());
            } else if (!Set.of(COMPLETE, "quorum_failed").contains(stored.status())) {
                wrong.add("a small job is " + stored.status() + ": " + request);
            }
        }
        return wrong;
    }

    /** Who was told that nothing was done finds nothing; who was told nothing finds one job at most. */
    private List<String> refusedJobsAreNot() {
        Map<String, Long> commands = history.stored().values().stream()
                .collect(Collectors.groupingBy(StoredJob::command, Collectors.counting()));
        return history.starts().stream()
                .filter(request -> commands.getOrDefault(Users.command(request.number()), 0L)
                        > (request.outcome() == Outcome.REFUSED ? 0 : 1))
                .map(request -> "there are " + commands.get(Users.command(request.number())) + " jobs of " + request)
                .toList();
    }

    /** Who cannot be served is told so by 503, and when to ask again. */
    private List<String> answersAreExpected() {
        return Stream.concat(history.reads().stream(), history.starts().stream())
                .filter(request -> request.outcome() == Outcome.UNEXPECTED)
                .map(request -> "an answer that nobody should get: " + request)
                .toList();
    }

    /** In each epoch one backend writes, and when another one has begun nothing of an older one is written any more. */
    private List<String> epochsDoNotMix() {
        List<String> wrong = new ArrayList<>();
        Map<Long, String> writers = new HashMap<>();
        long newest = 0;
        for (Write write : history.writes()) {
            String writer = writers.computeIfAbsent(write.epoch(), _ -> write.client());
            if (!Objects.equals(writer, write.client())) {
                wrong.add(write.client() + " wrote in the epoch of " + writer + ": " + write);
            }
            if (write.epoch() < newest) {
                wrong.add("written after epoch " + newest + " had begun: " + write);
            }
            newest = Math.max(newest, write.epoch());
        }
        return wrong;
    }
}
