package org.pushjobs.ctl.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
    @TempDir
    private Path directory;

    private Access own(String permissions) throws IOException {
        Access mine = Access.of(directory);
        return new Access(mine.owner(), mine.group(), permissions);
    }

    @Test
    void fileHasItsContentAndRights() throws IOException {
        Path file = directory.resolve("file");

        AtomicFile.write(file, new byte[] {1, 2}, own("rw-r-----"));
        AtomicFile.write(file, new byte[] {3}, own("rw-------"));

        assertThat(file).hasBinaryContent(new byte[] {3});
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(directory.toFile().list()).containsExactly("file");
    }

    @Test
    void whatAKilledProcessLeftIsTakenAwayAndNothingElse() throws IOException {
        Path file = directory.resolve("file");
        Files.writeString(directory.resolve(".file.123.pushjobs-new"), "half of a sec");
        Path other = Files.writeString(directory.resolve(".files.123.pushjobs-new"), "of another file");

        AtomicFile.write(file, new byte[] {1}, own("rw-------"));

        assertThat(directory.toFile().list())
                .containsExactlyInAnyOrder("file", other.getFileName().toString());
    }

    @Test
    void linkTakesThePlaceOfAnother() throws IOException {
        Path link = directory.resolve("link");

        AtomicFile.link(link, Path.of("/one"));
        AtomicFile.link(link, Path.of("/two"));

        assertThat(Files.readSymbolicLink(link)).isEqualTo(Path.of("/two"));
    }

    @Test
    void linkIsReplacedAndNotFollowed() throws IOException {
        Path target = Files.writeString(directory.resolve("target"), "keep me");
        Path file = Files.createSymbolicLink(directory.resolve("file"), target);

        AtomicFile.write(file, new byte[] {1}, own("rw-------"));

        assertThat(target).hasContent("keep me");
        assertThat(Files.isSymbolicLink(file)).isFalse();
    }

    @Test
    void directoryInTheWayStays() throws IOException {
        Path file = Files.createDirectory(directory.resolve("file"));
        assertThatThrownBy(() -> AtomicFile.write(file, new byte[0], own("rw-------")))
                .hasMessageContaining("is a directory where a file or a link is to be; move it away");
        assertThat(file).isDirectory();
    }

    @Test
    void ownerThatDoesNotExistIsNamed() {
        Path file = directory.resolve("file");
        assertThatThrownBy(() ->
                        AtomicFile.write(file, new byte[0], new Access("nobody-of-that-name", "root", "rw-------")))
                .hasMessageContaining("there is no user nobody-of-that-name");
        assertThat(file).doesNotExist();
        assertThat(directory).isEmptyDirectory();
    }
}
