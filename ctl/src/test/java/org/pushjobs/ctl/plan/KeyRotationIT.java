package org.pushjobs.ctl.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.config.secrets.SecretsFile;
import org.pushjobs.ctl.testing.FakeMachine;
import org.pushjobs.ctl.testing.FakeMachine.Ran;
import org.pushjobs.ctl.testing.Postgres;

/** {@code rotate-keys}, with a program in the server's place that writes down how it was called. */
@ExtendWith(Postgres.Extension.class)
class KeyRotationIT {
    private static final String DIRECTORY = "/var/opt/opscode-push-jobs-server/opscode-pushy-server";

    @TempDir
    private Path root;

    private FakeMachine machine;
    private Path calls;

    @BeforeEach
    void makeMachine(Postgres postgres) throws Exception {
        // the server's user has to reach the program
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
        machine = FakeMachine.withSecrets(root, postgres.port());
        assertThat(machine.run("reconfigure").status()).isZero();
        Path directory = machine.directory("/calls");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
        calls = directory.resolve("calls");
        server(0);
    }

    private void server(int status) {
        Path program = machine.write(
                machine.at("/opt/opscode-push-jobs-server/bin/pushjobs-server"), """
                    #!/bin/sh
                    echo "$(id -un) $*" >>%s
                    echo "the database does not answer"
                    exit %d
                    """.formatted(calls, status));
        program.toFile().setExecutable(true, false);
        program.toFile().setReadable(true, false);
    }

    private String fingerprint() throws Exception {
        return SecretsFile.load(machine.at(DIRECTORY + "/secrets.json")).fingerprint();
    }

    @Test
    void serverGetsNewKeysAndIsToldToTakeThem() throws Exception {
        String before = fingerprint();
        String password = machine.read(DIRECTORY + "/database-password");

        Ran ran = machine.run("rotate-keys");

        assertThat(ran.err()).isEmpty();
        assertThat(ran.status()).isZero();
        assertThat(fingerprint()).isNotEqualTo(before);
        assertThat(machine.read(DIRECTORY + "/database-password")).isEqualTo(password);
        assertThat(Files.readString(calls))
                .isEqualTo(FakeMachine.USER + " --config " + DIRECTORY + "/server.json secrets adopt\n");
        assertThat(machine.run("reconfigure").out()).contains("Nothing had to be changed.");
    }

    @Test
    void jobsThatGoOnAreNotLostUnasked(Postgres postgres) throws Exception {
        String before = fingerprint();
        postgres.execute(
                "opscode_pushy",
                "insert into jobs (id, org_id, command, status, run_timeout, last_updated_by, created_at, updated_at,"
                        + " quorum) values ('a', 'b', 'c', 1, 1, 'x', now(), now(), 1)");

        Ran refused = machine.run("rotate-keys");

        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.err()).startsWith("1 job goes on").contains("--now");
        assertThat(fingerprint()).isEqualTo(before);
        assertThat(calls).doesNotExist();
        assertThat(machine.run("rotate-keys", "--now").status()).isZero();
        assertThat(fingerprint()).isNotEqualTo(before);
    }

    @Test
    void rotationThatTheDatabaseIsNotToldOfIsGoneOnWith() throws Exception {
        server(1);
        Ran broken = machine.run("rotate-keys");
        String fresh = fingerprint();

        assertThat(broken.status()).isEqualTo(1);
        assertThat(broken.err()).contains("the database does not answer").contains("rotate-keys --adopt");

        server(0);
        assertThat(machine.run("rotate-keys", "--adopt").status()).isZero();
        assertThat(fingerprint()).isEqualTo(fresh);
        assertThat(Files.readAllLines(calls)).hasSize(2);
    }

    @Test
    void otherServersAreNotForgotten() {
        assertThat(machine.run("rotate-keys").out()).doesNotContain("other servers");

        machine.settings("opscode_pushy_server['cluster_members'] = ['127.0.0.1:10005', '192.0.2.12:10005']");
        assertThat(machine.run("reconfigure").status()).isZero();
        String toAll = "Copy " + machine.layout().chefServerSecrets() + " to the other servers and run";
        assertThat(machine.run("rotate-keys").out()).contains(toAll);

        machine.settings();
        machine.isInHa("ha");
        assertThat(machine.runOn("be1.example.com", "reconfigure").status()).isZero();
        assertThat(machine.runOn("be1.example.com", "rotate-keys").out()).contains(toAll);
    }

    @Test
    void backendThatMakesNoKeysMakesNoneHereEither() {
        machine.isInHa("ha");

        Ran ran = machine.runOn("be2.example.com", "rotate-keys");

        assertThat(ran.status()).isEqualTo(1);
        assertThat(ran.err()).startsWith("keys are made on be1.example.com only, and this is be2.example.com");
    }

    @Test
    void tablesOfTheDatabaseAreLookedAt(Postgres postgres) throws Exception {
        assertThat(machine.run("migrate-status").out()).endsWith(" has all tables of this version.\n");
        postgres.execute(
                "opscode_pushy",
                "delete from flyway_schema_history where installed_rank ="
                        + " (select max(installed_rank) from flyway_schema_history)");

        Ran ran = machine.run("migrate-status");

        assertThat(ran.status()).isEqualTo(1);
        assertThat(ran.out()).contains(" lacks 1 migration, which ");
    }
}
