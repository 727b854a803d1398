package org.pushjobs.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.SqlConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.protocol.message.JobSpec;
import org.pushjobs.protocol.message.OutputTail;
import org.pushjobs.server.jobs.model.Channel;
import org.pushjobs.server.jobs.model.CommandEnd;
import org.pushjobs.server.jobs.model.JobChanges;
import org.pushjobs.server.jobs.model.JobNode;
import org.pushjobs.server.jobs.model.JobTerms;
import org.pushjobs.server.jobs.model.NewJob;
import org.pushjobs.server.jobs.model.NodeStatus;
import org.pushjobs.server.jobs.model.NodeTimes;
import org.pushjobs.server.jobs.model.OutputKey;
import org.pushjobs.server.jobs.model.OutputPart;
import org.pushjobs.server.jobs.model.OutputState;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.PostgresExtension;

/** Output that comes while commands run. */
@ExtendWith(PostgresExtension.class)
class OutputStoreIT {
    private static final String ORG = "0123456789abcdef0123456789abcdef";
    private static final String JOB = "0123456789abcdef0123456789abcde1";
    private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");
    private static final OutputKey STDOUT = new OutputKey(JOB, "web-1", Channel.STDOUT);

    private DatabaseFixture fixture;
    private JobStore jobs;
    private FencedWrites writes;
    private OutputStore outputs;

    @BeforeEach
    void open(DatabaseConfig.External config) {
        fixture = new DatabaseFixture(config);
        jobs = new JobStore(fixture.database().pool());
        writes = fixture.writes();
        outputs = new OutputStore(fixture.database().pool(), fixture.database().writes());
        JobSpec spec = new JobSpec("x", Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), true);
        Await.result(writes.save(
                List.of(new NewJob(JOB, ORG, "alice", new JobTerms(spec, List.of("web-1", "web-2"), 2, 60), START)),
                List.of()));
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private static OutputPart part(String node, Channel channel, long position, String text) {
        return new OutputPart(JOB, node, channel, position, text.getBytes(StandardCharsets.UTF_8));
    }

    private static OutputPart out(long position, String text) {
        return part("web-1", Channel.STDOUT, position, text);
    }

    private static String text(OutputPart part) {
        return part.position() + ":" + new String(part.data(), StandardCharsets.UTF_8);
    }

    private List<String> after(long position, int atMost) {
        return Await.result(outputs.after(STDOUT, position, atMost)).stream()
                .map(OutputStoreIT::text)
                .toList();
    }

    @Test
    void partsThatWaitForALockAreGivenUpBeforeTheirWriterGivesUp() {
        SqlConnection blocker = Await.result(fixture.database().pool().getConnection());
        Await.result(blocker.query("begin").execute());
        Await.result(blocker.query("lock table job_output_parts in access exclusive mode")
                .execute());
        long begin = System.nanoTime();

        Throwable failure = Await.failure(writes.append(List.of(out(0, "late"))));

        assertThat(failure).cause().isInstanceOf(PgException.class).hasMessageContaining("statement timeout");
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
        assertThat(WriteFailure.of(failure)).isEqualTo(WriteFailure.NOT_DONE);
        Await.result(blocker.close());
    }

    @Test
    void partsAreReadFromAnyPosition() {
        Await.result(writes.append(List.of(out(0, "abc"), out(3, "de"), out(5, "fgh"))));

        assertThat(after(0, 10)).containsExactly("0:abc", "3:de", "5:fgh");
        assertThat(after(4, 10)).containsExactly("3:de", "5:fgh");
        assertThat(after(5, 10)).containsExactly("5:fgh");
        assertThat(after(0, 2)).containsExactly("0:abc", "3:de");
        assertThat(after(8, 10)).isEmpty();
        assertThat(after(1L << 40, 10)).isEmpty();
    }

    @Test
    void whatIsStoredTwiceIsThereOnce() {
        Await.result(writes.append(List.of(out(0, "abc"))));
        Await.result(writes.append(List.of(out(0, "abc"), out(3, "de"))));

        assertThat(after(0, 10)).containsExactly("0:abc", "3:de");
    }

    @Test
    void partThatIsNotStoredIsTold() {
        assertThat(Await.result(writes.append(List.of(out(0, "abc"))))).isTrue();
        assertThat(Await.result(writes.append(List.of(out(0, "abcdef"), out(6, "gh")))))
                .isFalse();
    }

    @Test
    void endsAreKnownOfThoseThatHaveOutput() {
        OutputKey stderr = new OutputKey(JOB, "web-1", Channel.STDERR);
        OutputKey other = new OutputKey(JOB, "web-2", Channel.STDOUT);
        Await.result(writes.append(List.of(out(0, "abc"), out(3, "de"), part("web-1", Channel.STDERR, 0, "x"))));

        assertThat(Await.result(outputs.ends(List.of(STDOUT, stderr, other))))
                .isEqualTo(Map.of(STDOUT, 5L, stderr, 1L));
    }

    @Test
    void jobsOutputIsReadInTheOrderInWhichItWasStored() {
        Await.result(writes.append(List.of(out(0, "a"))));
        Await.result(writes.append(List.of(part("web-2", Channel.STDERR, 0, "b"))));
        Await.result(writes.append(List.of(out(1, "c"))));

        List<OutputReads.Numbered> first = Await.result(outputs.ofJob(JOB, 0, 2));
        assertThat(first).extracting(numbered -> text(numbered.part())).containsExactly("0:a", "0:b");
        assertThat(Await.result(outputs.ofJob(JOB, first.getLast().id(), 2)))
                .extracting(numbered -> text(numbered.part()))
                .containsExactly("1:c");
    }

    @Test
    void nodeWithoutResultHasPartOfItsOutput() {
        Await.result(writes.append(List.of(out(0, "abc"))));

        assertThat(Await.result(jobs.nodes(ORG, JOB)))
                .extracting(JobNode::output)
                .containsExactly(new OutputState.Partial(3, 0), new OutputState.None());
    }

    @Test
    void endOfACommandAndReasonOfARefusalAreStored() {
        JobChanges.NodeChange failed = new JobChanges.NodeChange(
                        NodeStatus.FAILED, Optional.empty(), NodeTimes.NONE, new OutputState.Kept(7, 0, 1L << 33, 0))
                .with(new CommandEnd(143, Optional.of("TERM")));
        JobChanges.NodeChange nacked =
                new JobChanges.NodeChange(NodeStatus.NACKED, Optional.of("busy with job x")).refused("busy");
        Await.result(writes.save(
                List.of(),
                List.of(new JobChanges(
                        JOB,
                        ORG,
                        Revisions.next(),
                        Optional.empty(),
                        Map.of("web-1", failed, "web-2", nacked),
                        Map.of(),
                        List.of(),
                        START))));

        List<JobNode> nodes = Await.result(jobs.nodes(ORG, JOB));

        assertThat(nodes.get(0).end()).contains(new CommandEnd(143, Optional.of("TERM")));
        assertThat(nodes.get(0).output()).isEqualTo(new OutputState.Kept(7, 0, 1L << 33, 0));
        assertThat(nodes.get(1).reasonCode()).contains("busy");
        assertThat(nodes.get(1).end()).isEmpty();
    }

    private void fail(long revision, Map<String, OutputTail> tails) {
        Map<String, JobChanges.NodeChange> changes = new HashMap<>();
        tails.forEach((node, tail) -> changes.put(
                node,
                new JobChanges.NodeChange(NodeStatus.FAILED, Optional.empty())
                        .with(new CommandEnd(3, Optional.empty()))
                        .with(tail)));
        Await.result(writes.save(
                List.of(),
                List.of(new JobChanges(JOB, ORG, revision, Optional.empty(), changes, Map.of(), List.of(), START))));
    }

    @Test
    void lastOutputOfAFailedCommandIsStoredWithItsStatus() {
        OutputTail tail = new OutputTail(1L << 33, new byte[] {'a', 0, -1, '\n'});
        fail(Revisions.next(), Map.of("web-1", tail));

        assertThat(Await.result(jobs.tails(ORG, JOB, 1000))).isEqualTo(Map.of("web-1", tail));
        assertThat(Await.result(jobs.tails("f".repeat(32), JOB, 1000))).isEmpty();
        assertThat(Await.result(jobs.tails(ORG, "no id", 1000))).isEmpty();
        List<JobNode> nodes = Await.result(jobs.nodes(ORG, JOB));
        assertThat(nodes).extracting(JobNode::tailBytes).containsExactly(4, 0);
        assertThat(nodes).extracting(JobNode::status).containsExactly(NodeStatus.FAILED, NodeStatus.NEW);
        // it is no captured output
        assertThat(nodes.getFirst().output()).isEqualTo(new OutputState.None());
        assertThat(Await.result(jobs.output(ORG, JOB, "web-1", Channel.STDOUT))).isEmpty();
    }

    @Test
    void noMoreIsReadOfTheLastOutputOfAJobThanWasAskedFor() {
        OutputTail tail = new OutputTail(0, new byte[4096]);
        fail(Revisions.next(), Map.of("web-1", tail, "web-2", tail));

        assertThat(Await.result(jobs.tails(ORG, JOB, 2 * 4096))).containsOnlyKeys("web-1", "web-2");
        assertThat(Await.result(jobs.tails(ORG, JOB, 2 * 4096 - 1))).containsOnlyKeys("web-1");
        assertThat(Await.result(jobs.tails(ORG, JOB, 4095))).isEmpty();
    }

    @Test
    void lateStatementChangesNothingOfTheLastOutput() {
        OutputTail first = new OutputTail(0, new byte[] {1});
        long revision = Revisions.next();
        fail(revision, Map.of("web-1", first));

        fail(revision, Map.of("web-1", new OutputTail(0, new byte[] {2})));
        fail(Revisions.next(), Map.of("web-1", new OutputTail(0, new byte[] {3})));

        assertThat(Await.result(jobs.tails(ORG, JOB, 1000))).isEqualTo(Map.of("web-1", first));
    }

    @Test
    void lastOutputGoesWithItsJob() {
        fail(Revisions.next(), Map.of("web-1", new OutputTail(0, new byte[] {1})));
        Await.result(writes.crashLive(START));
        assertThat(Await.result(jobs.tails(ORG, JOB, 1000))).hasSize(1);

        Await.result(writes.deleteEnded(START.plusSeconds(1), 10));

        assertThat(Await.result(jobs.tails(ORG, JOB, 1000))).isEmpty();
    }

    @Test
    void outputGoesWithItsJobAndThatOfJobsThatAreGoneIsDropped() {
        Await.result(writes.append(List.of(out(0, "abc"))));
        Await.result(writes.crashLive(START));
        Await.result(writes.deleteEnded(START.plusSeconds(1), 10));
        assertThat(after(0, 10)).isEmpty();

        Await.result(writes.append(List.of(out(0, "abc"))));

        assertThat(after(0, 10)).isEmpty();
    }
}
