package org.pushjobs.ctl.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.pushjobs.ctl.database.HostAnswer.ReadOnly;
import org.pushjobs.ctl.database.HostAnswer.Replica;
import org.pushjobs.ctl.database.HostAnswer.Silent;
import org.pushjobs.ctl.database.HostAnswer.Writable;
import org.pushjobs.ctl.settings.PostgresHost;

/** Which of several hosts of a database is used. */
class DatabaseHostsTest {
    private static final PostgresHost A = new PostgresHost("db-1", 5432);
    private static final PostgresHost B = new PostgresHost("db-2", 5432);
    private static final PostgresHost C = new PostgresHost("db-3", 5432);

    private static Writable writable(PostgresHost host, long system, int timeline) {
        return new Writable(host, system, timeline, Duration.ZERO, true);
    }

    private static Replica replica(PostgresHost host, long system, int timeline) {
        return new Replica(host, system, timeline, Duration.ZERO, true);
    }

    private static PostgresHost chosen(HostAnswer... answers) throws Exception {
        return DatabaseHosts.choose(List.of(answers));
    }

    private static void assertRefused(String text, HostAnswer... answers) {
        assertThatThrownBy(() -> chosen(answers)).hasMessageContaining(text);
    }

    @Test
    void oneThatTakesWritesIsUsedAndOfSeveralThatOfTheHighestTimeline() throws Exception {
        assertThat(chosen(replica(A, 7, 3), writable(B, 7, 3), new Silent(C, "x")))
                .isEqualTo(B);
        assertThat(chosen(writable(A, 7, 1), writable(B, 7, 3), writable(C, 7, 2)))
                .isEqualTo(B);
        assertThat(chosen(writable(A, 7, 1), writable(B, 7, 1))).isEqualTo(A);
        assertThat(chosen(replica(A, 7, 2), writable(B, 7, 3))).isEqualTo(B);
    }

    @Test
    void noneThatTakesWritesIsRefusedWithWhatEachSays() {
        assertRefused(
                "no host of the database takes writes: db-1:5432 is a replica (timeline 1); db-2:5432 is no replica and was"
                        + " told to take no writes (default_transaction_read_only); db-3:5432 says: x. Look at",
                replica(A, 7, 1),
                new ReadOnly(B, 7, 1, Duration.ZERO),
                new Silent(C, "x"));
    }

    @Test
    void hostsOfSeveralClustersAreRefused() {
        assertRefused("that are no replicas of each other", writable(A, 7, 1), writable(B, 8, 9));
    }

    @Test
    void hostThatWasReplacedByOneThatIsNotThereIsNotUsed() throws Exception {
        assertRefused(
                "was replaced by one that does not: db-1:5432 takes writes (timeline 3); db-2:5432 is a replica (timeline"
                        + " 4). Stop db-1:5432",
                writable(A, 7, 3),
                replica(B, 7, 4));
        assertThat(chosen(writable(A, 7, 3), replica(B, 8, 4)))
                .as("timelines of another cluster mean nothing")
                .isEqualTo(A);
    }
}
