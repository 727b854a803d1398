package org.pushjobs.simulator.failover;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.pushjobs.simulator.diary.Entry;
import org.pushjobs.simulator.diary.Entry.What;
import org.pushjobs.simulator.failover.History.Followed;
import org.pushjobs.simulator.failover.History.Shown;
import org.pushjobs.simulator.failover.Request.Outcome;
import org.pushjobs.simulator.failover.Write.Kind;

/** A history in which all is well, and one fault planted into it at a time. */
class ChecksTest {
    private static final String JOB = "large";
    private static final String LATER = "later";
    private static final String SMALL = "small";
    private static final String A = "10.77.0.11";
    private static final String B = "10.77.0.12";

    /** The parts of a history, to be changed. */
    private static final class Parts {
        private final List<Entry> diaries = new ArrayList<>();
        private final List<FeedEvent> jobFeed = new ArrayList<>();
        private final List<FeedEvent> orgFeed = new ArrayList<>();
        private final Map<String, String> shownNodes = new HashMap<>();
        private final List<Request> reads = new ArrayList<>();
        private final List<Request> starts = new ArrayList<>();
        private final Set<String> ends = new HashSet<>(Set.of("complete"));
        private final Map<String, StoredJob> stored = new HashMap<>();
        private final List<Write> writes = new ArrayList<>();
        private String shownStatus = "complete";
        private boolean feedEnded = true;
        private final List<Followed> later = new ArrayList<>();

        private Parts() {
            for (String node : List.of("n1", "n2")) {
                diaries.add(new Entry(300, What.ACK_RUN, node, Optional.of(JOB)));
                diaries.add(new Entry(900, What.RESULT, node, Optional.of(JOB)));
                shownNodes.put(node, "succeeded");
            }
            diaries.add(new Entry(500, What.ACK_RUN, "n3", Optional.of(SMALL)));
            List<FeedEvent> events = List.of(
                    new FeedEvent("1", "start", "", ""),
                    new FeedEvent("2", "run_complete", "n1", "success"),
                    new FeedEvent("3", "job_complete", "", "complete"));
            jobFeed.addAll(events);
            for (String id : List.of(JOB, SMALL)) {
                orgFeed.add(new FeedEvent(id + "1", "start", id, ""));
                orgFeed.add(new FeedEvent(id + "2", "job_complete", id, "complete"));
            }
            starts.add(new Request(0, 400, 410, Outcome.DONE, 201, Optional.of(SMALL)));
            starts.add(new Request(1, 450, 460, Outcome.REFUSED, 503, Optional.empty()));
            starts.add(new Request(2, 470, 480, Outcome.UNKNOWN, Request.NO_ANSWER, Optional.empty()));
            stored.put(JOB, new StoredJob(JOB, "slow:1", "complete", shownNodes, events));
            stored.put(SMALL, new StoredJob(SMALL, Users.command(0), "complete", Map.of("n3", "succeeded"), events));
            write(1, A, Kind.JOB, JOB, "", Write.NONE, 5);
            write(1, A, Kind.JOB, JOB, "", 0, 1);
            write(2, B, Kind.JOB, SMALL, "", 0, 1);
            write(2, B, Kind.NODE, JOB, "n1", 2, 3);
            write(2, B, Kind.JOB, JOB, "", 1, 2);
            write(2, B, Kind.EVENT, JOB, "", Write.NONE, 3);
        }

        private void write(long epoch, String client, Kind kind, String job, String node, int before, int after) {
            long number = writes.size() + 1L;
            writes.add(new Write(number, 100 * number, epoch, client, kind, job, node, before, after));
        }

        private void replace(String id, UnaryOperator<StoredJob> change) {
            stored.computeIfPresent(id, (_, job) -> change.apply(job));
        }

        private List<Followed> jobs() {
            List<Followed> jobs = new ArrayList<>(later);
            jobs.addFirst(new Followed(
                    JOB, List.of("n1", "n2"), ends, jobFeed, feedEnded, new Shown(shownStatus, shownNodes)));
            return jobs;
        }

        private History history() {
            return new History(jobs(), List.of(350L), diaries, orgFeed, reads, starts, stored, writes);
        }
    }

    private static List<String> found(Consumer<Parts> fault) {
        Parts parts = new Parts();
        fault.accept(parts);
        return Checks.violations(parts.history());
    }

    private static void assertFound(String text, Consumer<Parts> fault) {
        assertThat(found(fault)).anyMatch(line -> line.contains(text));
    }

    @Test
    void nothingIsFoundWhereAllIsWell() {
        assertThat(found(_ -> {})).isEmpty();
    }

    @Test
    void aJobThatIsNotStoredIsFound() {
        assertFound("does not have job large", parts -> parts.stored.remove(JOB));
    }

    @Test
    void aJobThatDidNotCompleteIsFound() {
        assertFound(
                "job large is crashed",
                parts -> parts.replace(
                        JOB, job -> new StoredJob(JOB, job.command(), "crashed", job.nodes(), job.events())));
    }

    @Test
    void aJobWithoutAQuorumIsGoodWhereThatMayBeAndNobodyRanIt() {
        Consumer<Parts> withoutQuorum = parts -> {
            parts.ends.add("quorum_failed");
            parts.shownStatus = "quorum_failed";
            parts.shownNodes.putAll(Map.of("n1", "was_ready", "n2", "unavailable"));
            parts.replace(
                    JOB, job -> new StoredJob(JOB, job.command(), "quorum_failed", parts.shownNodes, job.events()));
            parts.diaries.removeIf(entry -> entry.jobId().equals(Optional.of(JOB)));
        };

        assertThat(found(withoutQuorum)).isEmpty();
        assertFound(
                "n1 is was_ready and job large quorum_failed",
                withoutQuorum.andThen(
                        parts -> parts.diaries.add(new Entry(300, What.ACK_RUN, "n1", Optional.of(JOB)))));
        assertFound("job large is quorum_failed", withoutQuorum.andThen(parts -> parts.ends.remove("quorum_failed")));
    }

    @Test
    void anAnswerThatNobodyShouldGetIsFound() {
        assertFound(
                "should get",
                parts -> parts.reads.add(new Request(0, 400, 410, Outcome.UNEXPECTED, 500, Optional.of(JOB))));
        assertFound(
                "should get",
                parts -> parts.starts.add(new Request(3, 500, 510, Outcome.UNEXPECTED, 503, Optional.empty())));
    }

    @Test
    void aLostResultIsFound() {
        assertFound(
                "n2 is crashed",
                parts -> parts.replace(
                        JOB,
                        job -> new StoredJob(
                                JOB,
                                job.command(),
                                job.status(),
                                Map.of("n1", "succeeded", "n2", "crashed"),
                                job.events())));
    }

    @Test
    void aCommandThatRanTwiceIsFound() {
        assertFound(
                "n1 ran job large 2 times",
                parts -> parts.diaries.add(new Entry(700, What.ACK_RUN, "n1", Optional.of(JOB))));
    }

    @Test
    void aSuccessThatNobodyRanIsFound() {
        assertFound(
                "n1 ran job large 0 times",
                parts -> parts.diaries.removeIf(
                        entry -> entry.what() == What.ACK_RUN && entry.node().equals("n1")));
    }

    @Test
    void aCommandOfAJobThatIsNotStoredIsFound() {
        assertFound(
                "which the database does not have",
                parts -> parts.diaries.add(new Entry(700, What.ACK_RUN, "n4", Optional.of("ghost"))));
    }

    @Test
    void aCommandThatRanBeforeTheJobWasStoredAsRunningIsFound() {
        assertFound("ran before", parts -> {
            parts.diaries.removeIf(
                    entry -> entry.what() == What.ACK_RUN && entry.node().equals("n1"));
            parts.diaries.add(new Entry(150, What.ACK_RUN, "n1", Optional.of(JOB)));
        });
    }

    @Test
    void anApiThatSaysSomethingElseIsFound() {
        assertFound("the API says running", parts -> parts.shownStatus = "running");
        assertFound("say differently of the nodes of job large", parts -> parts.shownNodes.put("n2", "running"));
    }

    @Test
    void aTerminalStateThatChangedIsFound() {
        assertFound("a terminal state changed", parts -> parts.write(2, B, Kind.NODE, JOB, "n1", 3, 10));
        assertFound("a terminal state changed", parts -> parts.write(2, B, Kind.JOB, JOB, "", 2, 7));
    }

    @Test
    void aFeedThatDoesNotEndIsFound() {
        assertFound("the feed of job large did not end", parts -> parts.feedEnded = false);
    }

    @Test
    void thatNoJobAfterTheFirstOneCompletesIsFound() {
        Consumer<Parts> withoutQuorum = parts -> {
            Map<String, String> nodes = Map.of("n3", "unavailable");
            parts.later.add(new Followed(
                    LATER,
                    List.of("n3"),
                    Set.of("complete", "quorum_failed"),
                    List.of(),
                    true,
                    new Shown("quorum_failed", nodes)));
            parts.stored.put(LATER, new StoredJob(LATER, "slow:1", "quorum_failed", nodes, List.of()));
        };

        assertFound("none of the 1 large jobs after the first one is complete", withoutQuorum);
    }

    @Test
    void aGapInTheFeedIsFound() {
        assertFound("the feed of job large has 2 events, the database 3", parts -> parts.jobFeed.remove(1));
    }

    @Test
    void anEventThatCameTwiceIsFound() {
        assertFound("event 2 of the feed", parts -> parts.jobFeed.add(1, parts.jobFeed.get(1)));
    }

    @Test
    void gapsAndRepetitionsInTheOrganisationsFeedAreFound() {
        assertFound("the organisation's feed has [start] of job small", parts -> parts.orgFeed.removeLast());
        assertFound("[start, start, job_complete]", parts -> parts.orgFeed.add(0, parts.orgFeed.getFirst()));
        assertFound("began anew", parts -> parts.orgFeed.add(new FeedEvent("0", "start_of_history", "", "")));
    }

    @Test
    void anAcceptedJobThatIsNotThereIsFound() {
        assertFound("an accepted job is not there", parts -> parts.stored.remove(SMALL));
    }

    @Test
    void aSmallJobThatEndedBadlyIsFound() {
        assertFound(
                "a small job did not succeed",
                parts -> parts.replace(
                        SMALL,
                        job -> new StoredJob(SMALL, job.command(), "complete", Map.of("n3", "crashed"), job.events())));
        assertFound(
                "a small job is crashed",
                parts -> parts.replace(
                        SMALL, job -> new StoredJob(SMALL, job.command(), "crashed", job.nodes(), job.events())));
    }

    @Test
    void aRefusedRequestThatWasDoneIsFound() {
        assertFound(
                "there are 1 jobs",
                parts -> parts.stored.put(
                        "other", new StoredJob("other", Users.command(1), "quorum_failed", Map.of(), List.of())));
    }

    @Test
    void anUnknownRequestMayHaveBeenDoneOnce() {
        StoredJob one = new StoredJob("other", Users.command(2), "quorum_failed", Map.of(), List.of());

        assertThat(found(parts -> parts.stored.put("other", one))).isEmpty();
        assertFound("there are 2 jobs", parts -> {
            parts.stored.put("other", one);
            parts.stored.put("another", one);
        });
    }

    @Test
    void aWriteOfAnOldEpochIsFound() {
        assertFound("written after epoch 2", parts -> parts.write(1, A, Kind.NODE, JOB, "n2", 2, 3));
    }

    @Test
    void aSecondWriterInAnEpochIsFound() {
        assertFound("wrote in the epoch of", parts -> parts.write(2, A, Kind.NODE, JOB, "n2", 2, 3));
    }

    @Test
    void ofManyFaultsOfAKindSomeAreShown() {
        List<String> found = found(parts -> {
            for (int i = 0; i < 20; i++) {
                parts.write(2, B, Kind.NODE, JOB, "n" + i, 3, 10);
            }
        });

        assertThat(found).hasSize(6).last().asString().contains("15 more");
    }
}
