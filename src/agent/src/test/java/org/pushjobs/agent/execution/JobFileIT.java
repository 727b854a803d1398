package org.pushjobs.agent.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobFileIT {
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    private Path directory;

    private Path fileDir() {
        return directory.resolve("files");
    }

    private Path aged(String name, Duration age) throws IOException {
        Path file = Files.writeString(fileDir().resolve(name), "x");
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(age)));
        return file;
    }

    @Test
    void fileIsForTheAgentAloneAndItsDirectoryIsMade() throws Exception {
        Path file = JobFile.write(fileDir(), new byte[] {1, 2}, Optional.empty());

        assertThat(file.getParent()).isEqualTo(fileDir());
        assertThat(file.getFileName().toString()).startsWith("pushy_file");
        assertThat(file).hasBinaryContent(new byte[] {1, 2});
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(fileDir())))
                .isEqualTo("rwxr-xr-x");
    }

    @Test
    void fileBelongsToTheJobsUser() throws Exception {
        assumeTrue(new Accounts().ownUid() == Accounts.ROOT, "only root can give files away");
        Account nobody = new Accounts().find("nobody").orElseThrow();

        Path file = JobFile.write(fileDir(), new byte[0], Optional.of(nobody));

        assertThat(Files.getAttribute(file, "unix:uid")).isEqualTo(nobody.uid());
        assertThat(Files.getAttribute(file, "unix:gid")).isEqualTo(nobody.gid());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void twoFilesHaveTwoNames() throws Exception {
        assertThat(JobFile.write(fileDir(), new byte[0], Optional.empty()))
                .isNotEqualTo(JobFile.write(fileDir(), new byte[0], Optional.empty()));
    }

    @Test
    void directoryThatOthersMayWriteToIsRefused() throws Exception {
        Files.createDirectory(fileDir());
        Files.setPosixFilePermissions(fileDir(), PosixFilePermissions.fromString("rwxrwxrwx"));

        assertThatThrownBy(() -> JobFile.write(fileDir(), new byte[0], Optional.empty()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("can be written by others");
        assertThat(fileDir()).isEmptyDirectory();
    }

    @Test
    void directoryBehindALinkOfAnotherUserIsRefused() throws Exception {
        assumeTrue(new Accounts().ownUid() == Accounts.ROOT, "only root can give links away");
        Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
        Files.createSymbolicLink(fileDir(), elsewhere);
        Path file = JobFile.write(fileDir(), new byte[0], Optional.empty());
        Files.delete(file);

        Account nobody = new Accounts().find("nobody").orElseThrow();
        Files.setAttribute(fileDir(), "unix:uid", nobody.uid(), LinkOption.NOFOLLOW_LINKS);

        assertThatThrownBy(() -> JobFile.write(fileDir(), new byte[0], Optional.empty()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("belongs to another user");
        assertThat(elsewhere).isEmptyDirectory();
    }

    @Test
    void onlyOldFilesOfJobsAreRemoved() throws Exception {
        Files.createDirectory(fileDir());
        Path old = aged("pushy_file123", DAY.plusMinutes(1));
        Path young = aged("pushy_file456", DAY.minusMinutes(1));
        Path others = aged("precious", DAY.multipliedBy(100));
        Path nearlyOurs = aged("my_pushy_file", DAY.multipliedBy(100));
        Path target = Files.writeString(directory.resolve("target"), "x");
        Files.setLastModifiedTime(target, FileTime.from(Instant.EPOCH));
        Path link = Files.createSymbolicLink(fileDir().resolve("pushy_file_link"), target);
        Path subdirectory = Files.createDirectory(fileDir().resolve("pushy_file_dir"));
        Files.setLastModifiedTime(subdirectory, FileTime.from(Instant.EPOCH));

        JobFile.removeExpired(fileDir(), DAY);

        assertThat(old).doesNotExist();
        assertThat(young).exists();
        assertThat(others).exists();
        assertThat(nearlyOurs).exists();
        assertThat(link).isSymbolicLink();
        assertThat(target).exists();
        assertThat(subdirectory).exists();
    }

    @Test
    void directoryThatIsNotThereOrIsALinkIsLeftAlone() throws Exception {
        JobFile.removeExpired(fileDir(), DAY);
        assertThat(fileDir()).doesNotExist();

        Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
        Path file = Files.writeString(elsewhere.resolve("pushy_file1"), "x");
        Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));
        Files.createSymbolicLink(fileDir(), elsewhere);
        JobFile.removeExpired(fileDir(), DAY);
        assertThat(file).exists();
    }
}
