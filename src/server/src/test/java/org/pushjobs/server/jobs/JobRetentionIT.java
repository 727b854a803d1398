package org.pushjobs.server.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.server.store.ClusterStore;
import org.pushjobs.server.store.Database;
import org.pushjobs.server.store.FencedWrites;
import org.pushjobs.server.store.JobStore;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.PostgresExtension;

@ExtendWith(PostgresExtension.class)
class JobRetentionIT {
    private final Vertx vertx = Vertx.vertx();
    private Database database;
    private JobRetention retention;

    @BeforeEach
    void open(DatabaseConfig.External config) {
        database = Database.open(vertx, config);
        Await.result(database.ready());
        retention = new JobRetention(
                vertx,
                new JobStore(database.pool()),
                new FencedWrites(database.writes(), 0)::deleteEnded,
                Duration.ofDays(30));
        for (int days : new int[] {31, 2_000, 29}) {
            execute(
                    "insert into jobs (id, org_id, command, status, run_timeout, last_updated_by, created_at, updated_at,"
                            + " quorum) values (lpad('" + days + "', 32, '0'), repeat('a', 32), 'x', 2, 60, 'pivotal',"
                            + " now() at time zone 'UTC' - interval '3000 days', now() at time zone 'UTC' - interval '"
                            + days
                            + " days', 1)");
        }
    }

    @AfterEach
    void close() {
        Await.result(database.close());
        Await.result(vertx.close());
    }

    @Test
    void jobsOfADatabaseThatWasTakenOverStayAsLongAsNewOnes() {
        // given
        Await.result(new ClusterStore(database.pool()).identity("of secrets"));

        // when, then
        assertThat(Await.result(retention.sweep())).isZero();

        // and when: the server has been there for a month
        execute("update cluster set created_at = created_at - interval '31 days'");

        // then
        assertThat(Await.result(retention.sweep())).isEqualTo(2);
        assertThat(Await.result(retention.sweep())).isZero();
    }

    @Test
    void databaseThatIsNotOursYetLosesNothing() {
        assertThat(Await.result(retention.sweep())).isZero();
    }

    @Test
    void whoeverWantsJobsToGoNeedNotWait() {
        assertThat(Await.result(retention.purge())).isEqualTo(2);
    }

    private void execute(String sql) {
        Await.result(database.pool().preparedQuery(sql).execute(Tuple.tuple()));
    }
}
