package org.pushjobs.agent.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileDirectoryIT {
    private static final byte[] NOTHING = {};

    @TempDir
    private Path directory;

    private final FileDirectory first = new FileDirectory();
    private final FileDirectory second = new FileDirectory();

    @AfterEach
    void letGo() {
        first.close();
        second.close();
    }

    private Path files() {
        return directory.resolve("some/files");
    }

    @Test
    void directoryIsMadeAndHoldsNothingButTheLock() throws Exception {
        first.require(files(), new byte[100_000]);
        first.require(files(), NOTHING);

        assertThat(files())
                .isDirectoryContaining(file -> file.endsWith(FileDirectory.LOCK_NAME))
                .isDirectoryNotContaining(file -> !file.endsWith(FileDirectory.LOCK_NAME));
    }

    @Test
    void directoryBelongsToOneAgentUntilItLetsGo() throws Exception {
        first.require(files(), NOTHING);

        assertThatThrownBy(() -> second.require(files(), NOTHING))
                .hasMessage("another agent uses it, give each one of its own");
        second.require(directory.resolve("others"), NOTHING);

        first.close();
        second.require(files(), NOTHING);
        assertThatThrownBy(() -> first.require(files(), NOTHING)).hasMessage("the agent stops");
    }

    @Test
    void directoryThatIsNotWantedAnyMoreIsFree() throws Exception {
        first.require(files(), NOTHING);
        first.require(directory.resolve("others"), NOTHING);

        second.require(files(), NOTHING);
        assertThatThrownBy(() -> first.require(files(), NOTHING)).hasMessageContaining("another agent uses it");
        assertThatThrownBy(() -> second.require(directory.resolve("others"), NOTHING))
                .hasMessageContaining("another agent uses it");
    }

    /** Programs that tidy up below /tmp do that. */
    @Test
    void lockWhoseFileWasRemovedIsTakenAnew() throws Exception {
        first.require(files(), NOTHING);
        Files.delete(files().resolve(FileDirectory.LOCK_NAME));

        first.require(files(), NOTHING);

        assertThatThrownBy(() -> second.require(files(), NOTHING)).hasMessageContaining("another agent uses it");
    }

    @Test
    void whatIsNoDirectoryOrOpenToOthersIsRefused() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        assertThatThrownBy(() -> first.require(file, NOTHING))
                .isInstanceOf(IOException.class)
                .hasMessage(file + " is no directory");

        Files.createDirectories(files());
        Files.setPosixFilePermissions(files(), PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThatThrownBy(() -> first.require(files(), NOTHING)).hasMessageContaining("can be written by others");
        assertThat(files()).isEmptyDirectory();
    }

    @Test
    void directoryThatCannotBeMadeIsToldAsThat() {
        assertThatThrownBy(() -> first.require(Path.of("/proc/none"), NOTHING)).hasMessage("/proc/none cannot be made");
        assertThatThrownBy(() -> first.require(Path.of("/proc"), NOTHING))
                .hasMessage("/proc/pushy_agent.lock cannot be opened: No such file or directory");
    }

    @Test
    void fullDiskIsToldBeforeAJobWithAFileIsTaken() throws Exception {
        Path disk = Files.createDirectory(directory.resolve("disk"));
        assumeTrue(ran("mount", "-t", "tmpfs", "-o", "size=64k,mode=755", "tmpfs", disk.toString()), "cannot mount");
        try {
            first.require(disk, new byte[1000]);
            assertThatThrownBy(() -> first.require(disk, new byte[100_000]))
                    .hasMessageContaining("No space left on device");
            assertThat(disk).isDirectoryNotContaining(file -> !file.endsWith(FileDirectory.LOCK_NAME));
            first.require(disk, NOTHING);
        } finally {
            first.close();
            assertThat(ran("umount", disk.toString())).isTrue();
        }
    }

    private static boolean ran(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getInputStream().transferTo(OutputStream.nullOutputStream());
        return process.waitFor() == 0;
    }
}
