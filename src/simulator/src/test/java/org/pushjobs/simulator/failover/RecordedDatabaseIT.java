package org.pushjobs.simulator.failover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.schema.Migrations;
import org.pushjobs.simulator.bench.bed.BenchDatabase;
import org.pushjobs.simulator.failover.Write.Kind;

/** What the triggers note of writes to the servers' own tables. */
class RecordedDatabaseIT {
    private static final String OLD_JOB = "0".repeat(32);
    private static final String JOB = "1".repeat(32);

    @TempDir
    Path directory;

    @Test
    void notesSayWhoChangedWhatInWhichEpoch() throws Exception {
        try (BenchDatabase server = BenchDatabase.start(directory)) {
            // given
            URI address = URI.create(server.url());
            Migrations.run(new DatabaseConfig.External(
                    address.getHost(), address.getPort(), "opscode_pushy", "postgres", "", 1));
            String url = "jdbc:postgresql://127.0.0.1:" + address.getPort() + "/opscode_pushy?user=postgres";
            RecordedDatabase recorded = new RecordedDatabase(url);
            recorded.takeNotes();
            recorded.takeNotes();
            execute(url, job(OLD_JOB));
            long before = recorded.lastWrite();
            assertThat(recorded.liveJobs()).isEqualTo(1);

            // when
            execute(
                    url,
                    "update coordinator_epoch set epoch = 7",
                    job(JOB),
                    "insert into job_nodes (job_id, org_id, node_name, status, created_at, updated_at) values ('" + JOB
                            + "', 'o', 'n1', 2, now(), now())",
                    "update job_nodes set reason = 'the same status' where node_name = 'n1'",
                    "update coordinator_epoch set epoch = 8",
                    "update job_nodes set status = 3 where node_name = 'n1'",
                    "insert into job_events (job_id, seq, name, at, data) values ('" + JOB
                            + "', 1, 'run_complete', now(), '{\"node\": \"n1\", \"status\": \"success\"}')",
                    "update jobs set status = 2 where id = '" + JOB + "'");

            // then
            List<Write> writes = recorded.writesAfter(before);
            assertThat(writes)
                    .extracting(Write::epoch, Write::kind, Write::node, Write::before, Write::after)
                    .containsExactly(
                            tuple(7L, Kind.JOB, "", Write.NONE, 5),
                            tuple(7L, Kind.NODE, "n1", Write.NONE, 2),
                            tuple(8L, Kind.NODE, "n1", 2, 3),
                            tuple(8L, Kind.EVENT, "", Write.NONE, 1),
                            tuple(8L, Kind.JOB, "", 5, 2));
            assertThat(writes)
                    .allMatch(write ->
                            write.client().equals("127.0.0.1") && write.jobId().equals(JOB));
            assertThat(recorded.jobsMadeBy(writes))
                    .isEqualTo(Map.of(
                            JOB,
                            new StoredJob(
                                    JOB,
                                    "true",
                                    "complete",
                                    Map.of("n1", "succeeded"),
                                    List.of(new FeedEvent("1", "run_complete", "n1", "success")))));
        }
    }

    private static String job(String id) {
        return "insert into jobs (id, org_id, command, status, last_updated_by, created_at, updated_at) values ('" + id
                + "', 'o', 'true', 5, 'u', now(), now())";
    }

    private static void execute(String url, String... statements) throws Exception {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
