package org.pushjobs.server.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.server.testing.FreePort;
import org.pushjobs.server.testing.PostgresExtension;
import org.pushjobs.server.testing.ServerProcess;
import org.pushjobs.server.testing.ServerProcess.Outcome;
import org.pushjobs.server.testing.TestConfig;

/** {@code pushjobs-server cluster} as a process, with a server that runs, was drained, and was killed. */
@ExtendWith(PostgresExtension.class)
class ClusterCommandIT {
    @TempDir
    private Path directory;

    private Path config;

    private Outcome cluster(String... words) throws Exception {
        String[] arguments = new String[words.length + 1];
        arguments[0] = "cluster";
        System.arraycopy(words, 0, arguments, 1, words.length);
        return ServerProcess.run(config, arguments);
    }

    private static JsonObject json(Outcome outcome) {
        return new JsonObject(outcome.output().substring(outcome.output().indexOf("{\n")));
    }

    @Test
    void serverIsAskedAndToldByTheCommandLine(DatabaseConfig.External database) throws Exception {
        config = TestConfig.write(directory, TestConfig.settings(database));
        try (ServerProcess server = ServerProcess.start(config)) {
            server.awaitReady();

            Outcome status = cluster("status");
            assertThat(status.output())
                    .contains("jobs      are run by ")
                    .contains(", in epoch 1")
                    .contains("coordinator: active")
                    .contains("gateway: ready, 0 nodes, 0 connections of agents")
                    .contains("if this server died: nobody could take over: there is no other server")
                    .contains("all is well");
            assertThat(status.status()).as(status.output()).isZero();
            assertThat(json(cluster("status", "--json")).getBoolean("good")).isTrue();

            Outcome promoted = cluster("promote");
            assertThat(promoted.output()).contains("this server runs the jobs already, in epoch 1");
            assertThat(promoted.status()).isZero();

            Outcome refused = cluster("drain");
            assertThat(refused.output()).contains("this server runs the jobs and nobody could take over");
            assertThat(refused.status()).isEqualTo(1);
            assertThat(cluster("drain", "--status").output()).contains("this server is not being drained");
            assertThat(cluster("drain", "--force", "--per-second", "0").status())
                    .isEqualTo(2);

            Outcome endless = cluster("drain", "--force", "--wait", "86401");
            assertThat(endless.status()).isEqualTo(2);
            assertThat(endless.output()).contains("seconds to wait are from 1 to 86400, not 86401");
            assertThat(cluster("drain", "--status").output()).contains("this server is not being drained");

            Outcome emptied = cluster("drain", "--force", "--wait", "1");
            assertThat(emptied.output()).contains("no agent is left that has to go");
            assertThat(emptied.status()).isZero();
            assertThat(cluster("drain", "--status").output())
                    .contains("this server is being drained for ")
                    .contains(" s, agents that have yet to go: 0");
            Outcome drained = cluster("status");
            assertThat(drained.status()).isEqualTo(3);
            assertThat(drained.output())
                    .contains("ATTENTION: nobody runs the jobs: nobody has the lease")
                    .contains(": it is being drained");
            assertThat(cluster("undrain").output()).contains("this server is in use again");
        }
    }

    @Test
    void leaseOfAServerThatIsDownIsReadFromTheDatabase(DatabaseConfig.External database) throws Exception {
        config = TestConfig.write(directory, TestConfig.settings(database).put("coordinator_lease", 60));
        try (ServerProcess server = ServerProcess.start(config)) {
            server.awaitReady();
            server.kill();
        }

        Outcome text = cluster("status");
        assertThat(text.status()).isEqualTo(3);
        assertThat(text.output())
                .contains(", by its lease")
                .contains(", epoch 1, ")
                .contains("ATTENTION: the server of this machine does not run");
        JsonObject document = json(cluster("status", "--json"));
        assertThat(document.getBoolean("good")).isFalse();
        assertThat(document.getJsonObject("lease").getLong("epoch")).isEqualTo(1);
        Outcome promoted = cluster("promote");
        assertThat(promoted.status()).isEqualTo(1);
        assertThat(promoted.output()).contains("the server of this machine does not run");

        config = TestConfig.write(
                directory, TestConfig.settings(database).put("database", TestConfig.url(database, FreePort.pick())));
        Outcome unknown = cluster("status");
        assertThat(unknown.status()).isEqualTo(1);
        assertThat(unknown.output()).contains("and the database does not tell who has the lease");
    }
}
