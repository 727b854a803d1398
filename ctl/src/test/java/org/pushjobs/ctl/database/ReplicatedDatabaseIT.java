package org.pushjobs.ctl.database;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.ctl.testing.FakeMachine;
import org.pushjobs.ctl.testing.FakeMachine.Ran;
import org.pushjobs.ctl.testing.ReplicatedPostgres;

/** Commands on a database with a replica, which the settings name first. */
class ReplicatedDatabaseIT {
    private static final String SERVER = "/var/opt/opscode-push-jobs-server/opscode-pushy-server/server.json";

    @TempDir
    private Path root;

    @TempDir
    private Path data;

    private ReplicatedPostgres postgres;
    private FakeMachine machine;

    @BeforeEach
    void start() throws Exception {
        postgres = ReplicatedPostgres.start(data);
        machine = FakeMachine.empty(root);
        machine.settings(
                "opscode_pushy_server['user'] = 'nobody'",
                "postgresql['hosts'] = ['127.0.0.1', 'localhost:" + postgres.primaryPort() + "']",
                "postgresql['port'] = " + postgres.replicaPort());
        machine.write(machine.layout().ownSecrets(), "{\"postgresql\": {\"db_superuser_password\": \"s\"}}");
    }

    @AfterEach
    void stop() throws Exception {
        postgres.close();
    }

    private String psqlsAddress() throws Exception {
        Path program = machine.write(
                machine.at("/opt/opscode/embedded/bin/psql"), "#!/bin/sh\necho \"$1 $2\" >" + root + "/address\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(machine.run("psql").status()).isZero();
        return Files.readString(root.resolve("address")).strip();
    }

    @Test
    void theHostThatTakesWritesIsUsedWhereverItIsInTheList() throws Exception {
        Ran ran = machine.run("reconfigure");

        assertThat(ran.err()).isEmpty();
        assertThat(ran.status()).isZero();
        assertThat(new ObjectMapper()
                        .readTree(machine.read(SERVER))
                        .path("database")
                        .asText())
                .isEqualTo("postgresql://opscode_pushy@127.0.0.1:" + postgres.replicaPort() + ",localhost:"
                        + postgres.primaryPort() + "/opscode_pushy?target_session_attrs=read-write");
        assertThat(postgres.askPrimary("opscode_pushy", "select count(*) from jobs"))
                .isEqualTo("0");
        assertThat(machine.run("reconfigure").out()).contains("Nothing had to be changed.");
        assertThat(machine.run("migrate-status").out()).contains("at localhost:" + postgres.primaryPort() + " has all");
        assertThat(psqlsAddress()).isEqualTo("--host=localhost --port=" + postgres.primaryPort());
        assertThat(machine.run("show-config").out())
                .contains("\"hosts\" : [ \"127.0.0.1:" + postgres.replicaPort() + "\", \"localhost:"
                        + postgres.primaryPort() + "\" ]");
    }

    @Test
    void doctorWantsASynchronousReplicaThatFollows() throws Exception {
        machine.run("reconfigure");

        assertThat(machine.run("doctor").out())
                .contains("warning  replicas    localhost:" + postgres.primaryPort()
                        + " acknowledges what no replica has yet")
                .contains("ok       database    opscode_pushy at localhost:" + postgres.primaryPort());

        postgres.synchronise();
        assertThat(machine.run("doctor").out())
                .contains("ok       replicas    localhost:" + postgres.primaryPort()
                        + " takes writes, timeline 1, and the others (127.0.0.1:" + postgres.replicaPort()
                        + ") follow it");

        postgres.acknowledgesAtOnceTo("opscode_pushy");
        assertThat(machine.run("doctor").out())
                .contains("warning  replicas    localhost:" + postgres.primaryPort()
                        + " acknowledges what no replica has yet");
    }

    @Test
    void hostThatWasReplacedIsNotUsedAnyMore() throws Exception {
        machine.run("reconfigure");
        postgres.promoteReplica();

        assertThat(psqlsAddress()).isEqualTo("--host=127.0.0.1 --port=" + postgres.replicaPort());
        assertThat(machine.run("doctor").out())
                .contains(
                        "wrong    replicas    localhost:" + postgres.primaryPort() + " takes writes although 127.0.0.1:"
                                + postgres.replicaPort() + " has replaced it (timelines 1 and 2); stop it");
    }

    @Test
    void withoutAHostThatTakesWritesNothingIsChangedAndEachIsNamed() throws Exception {
        postgres.stopPrimary();

        Ran ran = machine.run("reconfigure");

        assertThat(ran.status()).isEqualTo(1);
        assertThat(ran.err())
                .contains("no host of the database takes writes: 127.0.0.1:" + postgres.replicaPort()
                        + " is a replica (timeline 1); localhost:" + postgres.primaryPort() + " says: ")
                .contains("postgresql['hosts']");
        assertThat(machine.at(SERVER)).doesNotExist();
    }
}
