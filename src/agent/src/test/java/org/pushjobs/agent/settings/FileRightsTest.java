package org.pushjobs.agent.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.interfaces.RSAPrivateKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushjobs.agent.fake.SecretFile;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.rubyconfig.RubyValue;

class FileRightsTest {
    private static final int NOBODY = 65_534;

    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void writeFile() throws IOException {
        Path key = SecretFile.write(directory.resolve("client.pem"), PemKeys.toPem((RSAPrivateKey)
                PemKeys.generate().getPrivate()));
        file = Files.createDirectories(directory.resolve("etc/chef")).resolve("client.json");
        Files.writeString(
                file, "{\"chef_server_url\": \"https://chef/organizations/acme\", \"client_key\": \"" + key + "\"}");
    }

    private static void mode(Path file, String permissions) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    private static void assumeRoot() throws IOException {
        assumeTrue(FileRights.areThoseOfRoot(), "only root's files are looked at");
    }

    private AgentSettings read(Map<Setting, RubyValue> options) throws Exception {
        return new SettingsSource(Optional.of(file), options, Map.of(), () -> "here")
                .read()
                .settings();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw------x", "rwxr-xr-x"})
    void keyThatOthersMayUseIsRefusedWithWhatToDo(String permissions) throws Exception {
        Path key = directory.resolve("client.pem");
        mode(key, permissions);

        assertThatThrownBy(() -> read(Map.of()))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining(file + ": client_key " + key
                        + ": its group or others may use it, though it holds a" + " secret; run: chmod 600 " + key);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-------", "r--------"})
    void keyOfItsOwnerAloneIsTaken(String permissions) throws Exception {
        mode(directory.resolve("client.pem"), permissions);

        read(Map.of());
    }

    @Test
    void fileOfRootAloneIsBelieved() throws Exception {
        mode(file, "rw-r--r--");

        read(Map.of());
    }

    @ParameterizedTest
    @ValueSource(strings = {"etc/chef/client.json", "etc/chef", "etc"})
    void whatOthersMayWriteOnTheWayToTheFileIsRefusedUntilTheOptionAllowsIt(String writable) throws Exception {
        assumeRoot();
        Path open = directory.resolve(writable);
        mode(open, Files.isDirectory(open) ? "rwxrwxr-x" : "rw-rw-r--");

        assertThatThrownBy(() -> read(Map.of()))
                .isInstanceOf(AgentException.class)
                .hasMessage("somebody besides root could change what this agent runs as root by " + file + ": " + open
                        + " can be written by its group or others; run: chmod go-w " + open
                        + "; or allow that by --allow_writable_config");
        read(Map.of(Setting.ALLOW_WRITABLE_CONFIG, new RubyValue.Bool(true)));
    }

    @Test
    void fileOfAnotherUserIsRefused() throws Exception {
        assumeRoot();
        Files.setAttribute(file, "unix:uid", NOBODY);

        assertThatThrownBy(() -> read(Map.of())).hasMessageContaining(file + " belongs to another user than root");
    }

    /** As in /tmp: nobody can exchange a file of root there. */
    @Test
    void directoryInWhichEverybodyMayOnlyAddIsNoDanger() throws Exception {
        assumeRoot();
        mode(file.getParent(), "rwxrwxrwx");
        Files.setAttribute(file.getParent(), "unix:mode", 01777);

        read(Map.of());
    }

    /** A file that is looked for by a pattern need not be exchanged, it is enough to add one. */
    @Test
    void directoryInWhichOthersMayAddIsADangerWhenFilesAreLookedForThere() throws Exception {
        assumeRoot();
        Path open = Files.createDirectory(directory.resolve("open"));
        assertThat(FileRights.openToNewFiles(open)).isEmpty();
        assertThat(FileRights.openToNewFiles(open.resolve("not/there"))).isEmpty();

        Files.setAttribute(open, "unix:mode", 01777);

        assertThat(FileRights.openToNewFiles(open))
                .contains("everybody may make files in " + open + "; have it look into a directory of root's");
        assertThat(FileRights.openToNewFiles(open.resolve("not/there")))
                .contains("everybody may make files in " + open + "; have it look into a directory of root's");
        assertThat(FileRights.openToOthers(open)).isEmpty();

        mode(open, "rwxrwxr-x");

        assertThat(FileRights.openToNewFiles(open))
                .hasValueSatisfying(problem -> assertThat(problem).startsWith(open + " can be written"));
    }

    @Test
    void linkAndWhereItLeadsAreBothLookedAt() throws Exception {
        assumeRoot();
        Path target = Files.move(
                file, Files.createDirectory(directory.resolve("real")).resolve("client.json"));
        Files.createSymbolicLink(file, target);
        read(Map.of());

        mode(target.getParent(), "rwxrwxrwx");
        assertThatThrownBy(() -> read(Map.of())).hasMessageContaining(target.getParent() + " can be written");

        mode(target.getParent(), "rwxr-xr-x");
        mode(file.getParent(), "rwxrwxrwx");
        assertThatThrownBy(() -> read(Map.of())).hasMessageContaining(file.getParent() + " can be written");

        mode(file.getParent(), "rwxr-xr-x");
        Files.setAttribute(file, "unix:uid", NOBODY, LinkOption.NOFOLLOW_LINKS);
        assertThatThrownBy(() -> read(Map.of())).hasMessageContaining(file + " belongs to another user than root");
    }

    /** Whoever may exchange one link of several decides where all that follow lead. */
    @Test
    void linksOnTheWayThatLeadThroughTheDirectoryOfSomebodyElseAreRefused() throws Exception {
        assumeRoot();
        Path target = Files.move(
                file, Files.createDirectory(directory.resolve("real")).resolve("client.json"));
        Path home = Files.createDirectory(directory.resolve("home"));
        Files.createSymbolicLink(home.resolve("client.json"), Path.of("..", "real", "client.json"));
        Files.createSymbolicLink(file, home.resolve("client.json"));
        read(Map.of());

        mode(home, "rwxrwxr-x");
        assertThatThrownBy(() -> read(Map.of())).hasMessageContaining(home + " can be written");
        assertThat(FileRights.openToNewFiles(file))
                .hasValueSatisfying(text -> assertThat(text).startsWith(home + " can be written"));

        mode(home, "rwxr-xr-x");
        Files.setAttribute(home, "unix:uid", NOBODY);
        assertThatThrownBy(() -> read(Map.of())).hasMessageContaining(home + " belongs to another user than root");

        // and when: a directory is a link
        Files.setAttribute(home, "unix:uid", 0);
        Files.delete(file);
        Files.delete(file.getParent());
        Files.createSymbolicLink(file.getParent(), home.resolve("etc"));
        Files.createSymbolicLink(home.resolve("etc"), target.getParent());
        read(Map.of());

        mode(home, "rwxrwxr-x");
        assertThatThrownBy(() -> read(Map.of())).hasMessageContaining(home + " can be written");
    }

    @Test
    void linksThatLeadInACircleAreNoEndlessWay() throws Exception {
        Path one = Files.createSymbolicLink(directory.resolve("one"), directory.resolve("two"));
        Files.createSymbolicLink(directory.resolve("two"), one);

        assertThatThrownBy(() -> FileRights.summary(one)).isInstanceOf(FileSystemLoopException.class);
    }

    @Test
    void summaryChangesWithTheRightsOfAllThatIsOnTheWay() throws Exception {
        String before = FileRights.summary(file);

        for (Path step : List.of(file, file.getParent(), file.getParent().getParent())) {
            mode(step, "rwx------");
            String after = FileRights.summary(file);
            assertThat(after).isNotEqualTo(before);
            before = after;
        }
    }

    @Test
    void fileCannotAllowItself() throws Exception {
        Files.writeString(file, Files.readString(file).replace("{", "{\"allow_writable_config\": true, "));

        assertThatThrownBy(() -> read(Map.of()))
                .hasMessageContaining(file + ": allow_writable_config counts only on the command line");
    }
}
