package org.pushjobs.ctl.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.ctl.files.Access;
import org.pushjobs.ctl.files.AtomicFile;
import org.pushjobs.ctl.secrets.VeilFile;
import org.pushjobs.ctl.secrets.VeilFile.Rotation;
import org.pushjobs.ctl.testing.FakeMachine;
import org.pushjobs.ctl.testing.FakeMachine.Ran;

/** {@code backup} and {@code restore}. */
class BackupTest {
    private static final String GROUP = "push-jobs-server";
    private static final String KEY = "master_secret";

    @TempDir
    private Path directory;

    private FakeMachine machine;
    private FakeMachine other;
    private Path file;

    @BeforeEach
    void makeMachines() {
        machine = FakeMachine.withSecrets(directory.resolve("a"), 5432);
        other = FakeMachine.withSecrets(directory.resolve("b"), 5432);
        file = directory.resolve("backup.json");
    }

    private static void secret(FakeMachine on, String value) throws Exception {
        VeilFile secrets = VeilFile.read(on.layout().chefServerSecrets());
        secrets.put(GROUP, KEY, value, Rotation.NEVER);
        AtomicFile.write(secrets.file(), secrets.content(), Access.ofRoot("rw-------"));
    }

    private static String secret(FakeMachine on) throws Exception {
        return VeilFile.read(on.layout().chefServerSecrets()).get(GROUP, KEY).orElse("none");
    }

    private Ran restore(String... options) {
        String[] words = new String[options.length + 2];
        words[0] = "restore";
        words[1] = file.toString();
        System.arraycopy(options, 0, words, 2, options.length);
        return other.run(words);
    }

    @Test
    void keysAndConfigurationGoToAnotherMachine() throws Exception {
        secret(machine, "first");
        machine.write(machine.layout().configuration().resolve("ca.pem"), "a certificate");
        assertThat(machine.run("backup", file.toString()).status()).isZero();

        Ran ran = restore();

        assertThat(ran.err()).isEmpty();
        assertThat(ran.status()).isZero();
        assertThat(ran.out()).contains("the keys of " + FakeMachine.NAME + " now");
        assertThat(secret(other)).isEqualTo("first");
        assertThat(other.read("/etc/opscode-push-jobs-server/ca.pem")).isEqualTo("a certificate");
        assertThat(Access.of(other.at("/etc/opscode-push-jobs-server/ca.pem"))).isEqualTo(Access.ofRoot("rw-------"));
    }

    @Test
    void theFileIsForItsOwnerOnlyAndHasNothingOfTheChefServers() throws Exception {
        secret(machine, "first");

        machine.run("backup", file.toString());

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(Files.readString(file))
                .contains("first")
                .doesNotContain("not ours")
                .doesNotContain("superuser");
    }

    @Test
    void fileThatIsThereIsNotOverwritten() throws Exception {
        secret(machine, "first");
        Files.writeString(file, "something");

        Ran ran = machine.run("backup", file.toString());

        assertThat(ran.status()).isEqualTo(1);
        assertThat(ran.err()).contains("is there already");
        assertThat(Files.readString(file)).isEqualTo("something");
    }

    @Test
    void machineWithoutKeysHasNothingToKeep() {
        Ran ran = machine.run("backup", file.toString());

        assertThat(ran.status()).isEqualTo(1);
        assertThat(ran.err()).contains("no keys of the server yet");
        assertThat(file).doesNotExist();
    }

    @Test
    void otherKeysAndFilesAreNotReplacedUnasked() throws Exception {
        secret(machine, "first");
        machine.write(machine.layout().configuration().resolve("ca.pem"), "a certificate");
        machine.run("backup", file.toString());
        secret(other, "second");
        other.write(other.layout().configuration().resolve("ca.pem"), "another");
        var before = other.contents();

        Ran refused = restore();

        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.err())
                .contains("ca.pem is there with another content")
                .contains("has another push-jobs-server.master_secret")
                .contains("--overwrite")
                .doesNotContain("second");
        assertThat(other.contents()).isEqualTo(before);

        assertThat(restore("--overwrite").status()).isZero();
        assertThat(secret(other)).isEqualTo("first");
        assertThat(other.read("/etc/opscode-push-jobs-server/ca.pem")).isEqualTo("a certificate");
    }

    @Test
    void theSameOnceMoreChangesNothing() throws Exception {
        secret(machine, "first");
        machine.run("backup", file.toString());
        restore();
        var before = other.contents();

        assertThat(restore().status()).isZero();
        assertThat(other.contents()).isEqualTo(before);
    }

    @Test
    void whatIsNoBackupIsRefused() throws Exception {
        for (String content : new String[] {
            "{",
            "{}",
            "{\"format\": \"opscode-push-jobs-server-backup\", \"version\": 2}",
            "{\"format\": \"opscode-push-jobs-server-backup\", \"version\": 1, \"files\": {\"../x\": {}}}",
            "{\"format\": \"opscode-push-jobs-server-backup\", \"version\": 1, \"secrets\": {\"a.b\": \"c\"}}"
        }) {
            Files.writeString(file, content);
            var before = other.contents();

            Ran ran = restore("--overwrite");

            assertThat(ran.status()).as(content).isEqualTo(1);
            assertThat(ran.err()).startsWith(file.toString());
            assertThat(other.contents()).isEqualTo(before);
        }
    }

    @Test
    void aServerOfItsOwnTakesItsDatabasesPasswordAlong() throws Exception {
        FakeMachine alone = FakeMachine.empty(directory.resolve("c"));
        FakeMachine next = FakeMachine.empty(directory.resolve("d"));
        alone.write(
                alone.layout().ownSecrets(),
                "{\"postgresql\": {\"db_superuser_password\": \"p\"}, \"push-jobs-server\": {\"master_secret\":"
                        + " \"m\"}}");
        alone.run("backup", file.toString());

        assertThat(next.run("restore", file.toString()).status()).isZero();

        VeilFile restored = VeilFile.read(next.layout().ownSecrets());
        assertThat(restored.get("postgresql", "db_superuser_password")).contains("p");
        assertThat(restored.get(GROUP, KEY)).contains("m");
        assertThat(Access.of(next.layout().ownSecrets())).isEqualTo(Access.ofRoot("rw-------"));
    }
}
