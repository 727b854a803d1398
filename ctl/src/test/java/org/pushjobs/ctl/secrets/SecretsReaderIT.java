package org.pushjobs.ctl.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.ctl.CtlException;
import org.pushjobs.ctl.settings.InstallationReader;
import org.pushjobs.ctl.testing.FakeMachine;
import org.pushjobs.protocol.keys.PemKeys;

/** Secrets are found where each version kept them, and made in one place only. */
class SecretsReaderIT {
    private static String privateKey;
    private static String publicKey;

    @TempDir
    private Path root;

    @BeforeAll
    static void makeKeys() {
        KeyPair keys = PemKeys.generate();
        privateKey = PemKeys.toPem((RSAPrivateKey) keys.getPrivate());
        publicKey = PemKeys.toPem((RSAPublicKey) keys.getPublic());
    }

    private FakeMachine chefServer() {
        return FakeMachine.withSecrets(root, 5432);
    }

    /** Of the time before the Chef server's library for secrets. */
    private FakeMachine oldChefServer() {
        FakeMachine machine = FakeMachine.withChefServer(root, 5432);
        machine.write(machine.layout().chefServerSecrets(), "{\"postgresql\":{\"db_superuser_password\":\"s\"}}");
        machine.write(machine.at("/etc/opscode/pivotal.pem"), privateKey);
        return machine;
    }

    private static SecretsReader.Found read(FakeMachine machine, String name) throws Exception {
        return new SecretsReader(machine.layout(), new InstallationReader(machine.layout(), () -> name).read()).read();
    }

    private static void oldKeys(FakeMachine machine) {
        Path directory = machine.layout().configuration();
        machine.write(directory.resolve("pushy_priv.pem"), privateKey);
        machine.write(directory.resolve("pushy_pub.pem"), publicKey);
    }

    @Test
    void whatIsNowhereIsMadeAndUsable() throws Exception {
        SecretsReader.Found found = read(chefServer(), FakeMachine.NAME);

        assertThat(found.file().isChanged()).isTrue();
        assertThat(found.news()).hasSize(7).allMatch(news -> news.endsWith("(new)"));
        assertThat(found.secrets().sqlPassword())
                .hasSize(50)
                .isNotEqualTo(found.secrets().sqlReadOnlyPassword());
        assertThat(found.secrets().curvePublicKey()).hasSize(40);
        assertThat(found.secrets().superuserPassword()).contains("s");
        assertThat(found.outdated()).isEmpty();
    }

    @Test
    void whatIsThereStays() throws Exception {
        FakeMachine machine = chefServer();
        SecretsReader.Found first = read(machine, FakeMachine.NAME);
        Files.write(first.file().file(), first.file().content());

        SecretsReader.Found second = read(machine, FakeMachine.NAME);

        assertThat(second.file().isChanged()).isFalse();
        assertThat(second.secrets()).isEqualTo(first.secrets());
    }

    @Test
    void keysAndPasswordsOfVersion21AreTakenOver() throws Exception {
        FakeMachine machine = chefServer();
        oldKeys(machine);
        String password = "0123456789".repeat(10);
        machine.write(
                machine.layout().oldSecrets(),
                "{\"postgresql\":{\"sql_password\":\"" + password + "\",\"sql_ro_password\":\"r" + password + "\"}}");

        SecretsReader.Found found = read(machine, FakeMachine.NAME);

        assertThat(found.secrets().privateKey()).isEqualTo(privateKey);
        assertThat(found.secrets().publicKey()).isEqualTo(publicKey);
        assertThat(found.secrets().sqlPassword()).isEqualTo(password);
        assertThat(found.secrets().sqlReadOnlyPassword()).isEqualTo("r" + password);
        assertThat(found.outdated())
                .extracting(path -> path.getFileName().toString())
                .containsExactly("opscode-push-jobs-server-secrets.json", "pushy_priv.pem", "pushy_pub.pem");
        assertThat(new ObjectMapper()
                        .readTree(found.file().content())
                        .at("/veil/credentials/push-jobs-server/pushy_priv_key/value")
                        .asText())
                .isEqualTo(privateKey);
    }

    @Test
    void takingOverThatWasInterruptedIsFinished() throws Exception {
        FakeMachine machine = chefServer();
        oldKeys(machine);
        SecretsReader.Found first = read(machine, FakeMachine.NAME);
        Files.write(first.file().file(), first.file().content());

        SecretsReader.Found second = read(machine, FakeMachine.NAME);

        assertThat(second.file().isChanged()).isFalse();
        assertThat(second.outdated()).hasSize(2);
    }

    @Test
    void otherKeysThanThoseKnownAreRefused() throws Exception {
        FakeMachine machine = chefServer();
        SecretsReader.Found first = read(machine, FakeMachine.NAME);
        Files.write(first.file().file(), first.file().content());
        oldKeys(machine);

        assertThatThrownBy(() -> read(machine, FakeMachine.NAME))
                .isInstanceOf(CtlException.class)
                .hasMessageContaining("pushy_priv.pem has another pushy_priv_key than")
                .hasMessageNotContaining("BEGIN");
    }

    @Test
    void halfAKeyPairIsRefused() throws Exception {
        FakeMachine machine = chefServer();
        machine.write(machine.layout().configuration().resolve("pushy_priv.pem"), privateKey);

        assertThatThrownBy(() -> read(machine, FakeMachine.NAME))
                .hasMessageContaining("pushy_priv.pem is there without the other half");
    }

    @Test
    void keysThatDoNotBelongTogetherAreRefused() throws Exception {
        FakeMachine machine = chefServer();
        oldKeys(machine);
        String other = PemKeys.toPem((RSAPublicKey) PemKeys.generate().getPublic());
        machine.write(machine.layout().configuration().resolve("pushy_pub.pem"), other);

        assertThatThrownBy(() -> read(machine, FakeMachine.NAME))
                .hasMessageContaining("cannot be used: they do not belong together; restore them from a back-up");
    }

    @Test
    void secondBackendDoesNotMakeItsOwn() throws Exception {
        FakeMachine machine = chefServer();
        machine.isInHa("ha");

        assertThatThrownBy(() -> read(machine, "be2.example.com"))
                .isInstanceOf(CtlException.class)
                .hasMessageContaining("has no pushy_priv_key, pushy_pub_key, curve_public_key, curve_secret_key")
                .hasMessageContaining("this machine, be2.example.com, must not make its own")
                .hasMessageContaining("Run opscode-push-jobs-server-ctl reconfigure on be1.example.com, then copy "
                        + machine.layout().chefServerSecrets());

        SecretsReader.Found first = read(machine, "be1.example.com");
        Files.write(first.file().file(), first.file().content());
        assertThat(read(machine, "be2.example.com").secrets()).isEqualTo(first.secrets());
    }

    @Test
    void keyOfTheChefServersSuperuserIsFoundInItsOldFile() throws Exception {
        FakeMachine machine = chefServer();
        String file = machine.read("/etc/opscode/private-chef-secrets.json");
        machine.write(machine.layout().chefServerSecrets(), file.replace("superuser_key", "another_key"));
        assertThatThrownBy(() -> read(machine, FakeMachine.NAME)).hasMessageContaining("has no superuser_key");

        machine.write(machine.at("/etc/opscode/pivotal.pem"), privateKey);

        SecretsReader.Found found = read(machine, FakeMachine.NAME);
        assertThat(found.secrets().chefSuperuserKey()).contains(privateKey);
        assertThat(found.file().get("chef-server", "superuser_key")).contains(privateKey);
    }

    @Test
    void oldChefServersFileIsNotTouchedBecauseItWouldStumbleOverOurGroup() throws Exception {
        FakeMachine machine = oldChefServer();

        SecretsReader.Found found = read(machine, FakeMachine.NAME);

        assertThat(found.file().file()).isEqualTo(machine.layout().ownSecrets());
        assertThat(found.secrets().superuserPassword()).contains("s");
        assertThat(found.secrets().chefSuperuserKey()).contains(privateKey);
    }

    @Test
    void secretsMoveIntoTheChefServersFileWhenItHasBeenUpgraded() throws Exception {
        FakeMachine machine = oldChefServer();
        SecretsReader.Found before = read(machine, FakeMachine.NAME);
        Files.createDirectories(machine.layout().configuration());
        Files.write(before.file().file(), before.file().content());
        FakeMachine upgraded = chefServer();

        SecretsReader.Found after = read(upgraded, FakeMachine.NAME);

        assertThat(after.file().file()).isEqualTo(machine.layout().chefServerSecrets());
        assertThat(after.secrets().masterSecret()).isEqualTo(before.secrets().masterSecret());
        assertThat(after.secrets().privateKey()).isEqualTo(before.secrets().privateKey());
        assertThat(after.secrets().sqlPassword()).isEqualTo(before.secrets().sqlPassword());
        assertThat(after.outdated()).containsExactly(machine.layout().ownSecrets());
    }

    @Test
    void chefServerWithoutSecretsIsSaidToBeConfiguredFirst() {
        FakeMachine machine = FakeMachine.withChefServer(root, 5432);

        assertThatThrownBy(() -> read(machine, FakeMachine.NAME))
                .hasMessageContaining("is not there; run chef-server-ctl reconfigure");
    }

    @Test
    void withoutAChefServerTheyAreInAFileOfTheirOwn() throws Exception {
        FakeMachine machine = FakeMachine.empty(root);
        oldKeys(machine);

        SecretsReader.Found found = read(machine, "push.example.com");

        assertThat(found.file().file()).isEqualTo(machine.layout().ownSecrets());
        assertThat(found.secrets().privateKey()).isEqualTo(privateKey);
        assertThat(found.secrets().chefSuperuserKey()).isEmpty();
    }

    @Test
    void passwordOfADatabasesSuperuserCanBeWrittenByHand() throws Exception {
        FakeMachine machine = FakeMachine.empty(root);
        machine.settings("postgresql['vip'] = 'db.example.com'");
        assertThatThrownBy(() -> read(machine, "push.example.com"))
                .hasMessageContaining("write {\"postgresql\": {\"db_superuser_password\": \"...\"}} to "
                        + machine.layout().ownSecrets());

        machine.write(machine.layout().ownSecrets(), "{\"postgresql\": {\"db_superuser_password\": \"x\"}}");

        assertThat(read(machine, "push.example.com").secrets().superuserPassword())
                .contains("x");
    }
}
