package org.pushjobs.agent.execution;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** The directory in which an agent has its files ({@code file_dir}). */
final class AgentDirectory {
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_WRITES =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x"));
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private AgentDirectory() {}

    /** A new file that nobody else can read; the directory is made if need be. */
    static Path newFile(Path directory, String prefix) throws IOException {
        Files.createDirectories(directory, OWNER_WRITES);
        return Files.createTempFile(directory, prefix, "", OWNER_ONLY);
    }
}
