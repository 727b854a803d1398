package org.pushjobs.packager;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.eclipse.packager.rpm.RpmTag;
import org.eclipse.packager.rpm.parse.RpmInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.packager.RpmFile.Description;
import org.pushjobs.packager.RpmFile.Relation;
import org.pushjobs.packager.RpmFile.Script;

class RpmFileTest {
    private static final Instant TIME = Instant.parse("2026-11-28T12:00:00Z");

    private static final Description DESCRIPTION = new Description(
            "example",
            "4.0.0~1",
            "1",
            "An example",
            "Does nothing.",
            "Apache-2.0",
            "Push Jobs",
            TIME,
            Map.of(
                    Relation.REQUIRES,
                    List.of("/bin/bash", "glibc", "coreutils", "sed"),
                    Relation.RECOMMENDS,
                    List.of("a", "b")),
            Map.of(Script.AFTER_INSTALL, "echo installed\n", Script.BEFORE_REMOVAL, "echo goes\n"));

    @TempDir
    private Path directory;

    private Path root;

    @BeforeEach
    void makeRoot() throws IOException {
        root = directory.resolve("root");
        Files.createDirectories(root.resolve("opt/example/bin"));
        Files.createDirectories(root.resolve("usr/bin"));
        Path program = Files.writeString(root.resolve("opt/example/bin/run"), "#!/bin/sh\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createSymbolicLink(root.resolve("usr/bin/example"), Path.of("/opt/example/bin/run"));
    }

    @Test
    void sameContentGivesTheSameBytes() throws IOException {
        Path first = directory.resolve("first.rpm");
        RpmFile.write(DESCRIPTION, root, first);
        Files.setLastModifiedTime(root.resolve("opt/example/bin/run"), FileTime.from(Instant.EPOCH));
        Path second = directory.resolve("second.rpm");
        RpmFile.write(DESCRIPTION, root, second);

        assertThat(second).hasSameBinaryContentAs(first);
    }

    @Test
    void systemsDirectoriesAreNotThePackages() throws IOException {
        Path file = directory.resolve("example.rpm");
        RpmFile.write(DESCRIPTION, root, file);

        assertThat(strings(file, RpmTag.BASENAMES)).containsExactly("example", "bin", "run", "example");
        assertThat(strings(file, RpmTag.DIRNAMES))
                .containsExactly("/opt/", "/opt/example/", "/opt/example/bin/", "/usr/bin/");
    }

    @Test
    void rootOwnsEverything() throws IOException {
        Path file = directory.resolve("example.rpm");
        RpmFile.write(DESCRIPTION, root, file);

        assertThat(strings(file, RpmTag.FILE_USERNAME)).containsOnly("root");
        assertThat(strings(file, RpmTag.FILE_GROUPNAME)).containsOnly("root");
    }

    @Test
    void requirementsAreWrittenDown() throws IOException {
        Path file = directory.resolve("example.rpm");
        RpmFile.write(DESCRIPTION, root, file);

        assertThat(strings(file, RpmTag.REQUIRE_NAME))
                .contains("/bin/bash", "glibc", "coreutils", "sed", "/bin/sh", "rpmlib(PayloadIsZstd)")
                .doesNotContain("PayloadIsZstd");
        assertThat(strings(file, RpmTag.RECOMMEND_NAME)).contains("a", "b");
    }

    private static List<String> strings(Path file, RpmTag tag) throws IOException {
        try (RpmInputStream stream = new RpmInputStream(Files.newInputStream(file))) {
            Object value = stream.getPayloadHeader().getTag(tag);
            return Arrays.asList((String[]) value);
        }
    }
}
