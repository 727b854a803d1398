package org.pushjobs.server.roles;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.server.cluster.ClusteredVertx;
import org.pushjobs.server.cluster.TestCluster;
import org.pushjobs.server.jobs.lease.LeaseHolder;
import org.pushjobs.server.store.Database;
import org.pushjobs.server.store.LeaseStore;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.PostgresExtension;

@ExtendWith(PostgresExtension.class)
class EndedMembersIT {
    private static final String HERE = TestCluster.info(0).process();
    private static final String THERE = TestCluster.info(1).process();
    private static final String HOLDER = new LeaseHolder("push-2", "another kernel", 4711, 1, THERE).name();

    @Test
    void whoHasLeftTheClusterAndClosedItsConnectionsToTheDatabaseHasEnded(DatabaseConfig.External config) {
        try (TestCluster cluster = new TestCluster(2)) {
            List<ClusteredVertx> members = cluster.joinFirst(2);
            ClusteredVertx here = members.getFirst();
            Database database = open(here, config, HERE);
            Database its = open(here, config, THERE);
            EndedMembers ended = new EndedMembers(here.members(), new LeaseStore(database.leases()));

            assertThat(why(ended)).as("a member").isEmpty();

            cluster.kill(members.getLast());
            Await.until("it is a member no more", () -> here.members().hasLeft(THERE));
            assertThat(why(ended)).as("it may be cut off").isEmpty();

            Await.result(its.close());
            Await.until("its connections are closed", () -> why(ended).isPresent());
            assertThat(why(ended)).contains("it has left the cluster and closed its connections to the database");
            Await.result(database.close());
        }
    }

    /** With a connection of its lease. */
    private static Database open(ClusteredVertx vertx, DatabaseConfig config, String process) {
        Database database = Database.open(vertx.vertx(), config, process);
        Await.result(database.ready());
        Await.result(new LeaseStore(database.leases()).current());
        return database;
    }

    private static Optional<String> why(EndedMembers ended) {
        return Await.result(ended.whyEnded(HOLDER));
    }
}
