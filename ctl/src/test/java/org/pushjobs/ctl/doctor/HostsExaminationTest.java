package org.pushjobs.ctl.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.pushjobs.ctl.database.HostAnswer;
import org.pushjobs.ctl.database.HostAnswer.ReadOnly;
import org.pushjobs.ctl.database.HostAnswer.Replica;
import org.pushjobs.ctl.database.HostAnswer.Silent;
import org.pushjobs.ctl.database.HostAnswer.Writable;
import org.pushjobs.ctl.doctor.Finding.Level;
import org.pushjobs.ctl.settings.PostgresHost;

/** What the answers of a database's hosts mean. */
class HostsExaminationTest {
    private static final PostgresHost A = new PostgresHost("db-1", 5432);
    private static final PostgresHost B = new PostgresHost("db-2", 5433);
    private static final Duration SAME_TIME = Duration.ZERO;

    private static Writable writable(PostgresHost host, int timeline) {
        return new Writable(host, 7, timeline, SAME_TIME, true);
    }

    private static Replica replica(PostgresHost host, int timeline) {
        return new Replica(host, 7, timeline, SAME_TIME, true);
    }

    private static void assertFinding(Level level, String text, HostAnswer... answers) {
        assertThat(HostsExamination.findings(List.of(answers))).singleElement().satisfies(finding -> {
            assertThat(finding.text()).contains(text);
            assertThat(finding.level()).isEqualTo(level);
        });
    }

    @Test
    void oneThatTakesWritesAndOneThatFollowsAreGood() {
        assertFinding(
                Level.GOOD,
                "db-2:5433 takes writes, timeline 3, and the others (db-1:5432) follow it",
                replica(A, 3),
                writable(B, 3));
    }

    @Test
    void replicaMayBeSomeTimeBehindAPromotion() {
        assertFinding(Level.GOOD, "follow it", replica(A, 2), writable(B, 3));
    }

    @Test
    void noneThatTakesWritesIsWrong() {
        assertFinding(
                Level.WRONG,
                "no host takes writes: db-1:5432 is a replica (timeline 3); db-2:5433 says: Connection refused;",
                replica(A, 3),
                new Silent(B, "Connection refused"));
    }

    @Test
    void replicaThatDoesNotAnswerIsMissedLater() {
        assertFinding(Level.WARNING, "db-2:5433 cannot be used (no)", writable(A, 1), new Silent(B, "no"));
    }

    @Test
    void hostThatWasReplacedAndTakesWritesIsToBeStopped() {
        assertFinding(
                Level.WRONG,
                "db-1:5432 takes writes although db-2:5433 has replaced it (timelines 1 and 2); stop it",
                writable(A, 1),
                writable(B, 2));
    }

    @Test
    void twoThatTakeWritesWithOneTimelineAreWrong() {
        assertFinding(
                Level.WRONG, "db-2:5433 and db-1:5432 both take writes, with the same", writable(A, 1), writable(B, 1));
    }

    @Test
    void replicaOfAPromotedHostThatIsNotListedShowsThatTheListIsIncomplete() {
        assertFinding(
                Level.WRONG,
                "db-2:5433 has timeline 4, and db-1:5432, which takes writes, an older one, 3",
                writable(A, 3),
                replica(B, 4));
        assertFinding(Level.WRONG, "db-2:5433 has timeline 4", writable(A, 3), new ReadOnly(B, 7, 4, SAME_TIME));
    }

    @Test
    void replicaThatGetsNothingIsSaid() {
        assertFinding(
                Level.WARNING,
                "db-2:5433 (timeline 2) gets nothing from db-1:5432 (timeline 3)",
                writable(A, 3),
                new Replica(B, 7, 2, SAME_TIME, false));
    }

    @Test
    void hostThatWasToldToTakeNoWritesIsSaid() {
        assertFinding(
                Level.WARNING,
                "db-2:5433 is no replica and was told",
                writable(A, 3),
                new ReadOnly(B, 7, 3, SAME_TIME));
    }

    @Test
    void hostOfAnotherClusterIsWrong() {
        assertFinding(
                Level.WRONG,
                "db-2:5433 is another PostgreSQL cluster than db-1:5432",
                writable(A, 1),
                new Replica(B, 8, 1, SAME_TIME, true));
    }

    @Test
    void asynchronousReplicationIsSaid() {
        assertFinding(
                Level.WARNING,
                "db-1:5432 acknowledges what no replica has yet",
                new Writable(A, 7, 1, SAME_TIME, false),
                replica(B, 1));
    }

    @Test
    void clocksOfAllHostsMatter() {
        assertFinding(
                Level.WARNING,
                "that of the database host db-2:5433 is 60 s behind this machine's",
                writable(A, 1),
                new Replica(B, 7, 1, Duration.ofSeconds(-60), true));
    }

    @Test
    void everyHostIsSaidToBeWhatItIs() {
        assertThat(Stream.of(replica(A, 1), writable(A, 2), new Silent(A, "x"), new ReadOnly(A, 7, 1, SAME_TIME))
                        .map(HostAnswer::text))
                .containsExactly(
                        "is a replica (timeline 1)",
                        "takes writes (timeline 2)",
                        "says: x",
                        "is no replica and was told to take no writes (default_transaction_read_only)");
    }
}
