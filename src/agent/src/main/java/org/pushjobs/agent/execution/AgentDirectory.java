package org.pushjobs.agent.execution;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * The directory in which an agent has its files ({@code file_dir}). By default it is below a directory that anybody can
 * write to, so nothing is written or read in one that somebody else could have put there.
 */
final class AgentDirectory {
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_WRITES =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x"));
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final Set<PosixFilePermission> OTHERS_MAY_WRITE =
            Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

    private AgentDirectory() {}

    /**
     * A new file that nobody else can read; the directory is made if need be.
     *
     * @throws IOException also when someone else could exchange files in the directory
     */
    static Path newFile(Path directory, String prefix) throws IOException {
        make(directory);
        return Files.createTempFile(directory, prefix, "", OWNER_ONLY);
    }

    /**
     * Makes the directory if need be.
     *
     * @throws IOException also when someone else could exchange files in it
     */
    static void make(Path directory) throws IOException {
        Files.createDirectories(directory, OWNER_WRITES);
        checkSafe(directory);
    }

    /** @throws IOException when someone else could exchange files in the directory, or the directory itself */
    static void checkSafe(Path directory) throws IOException {
        checkOwner(directory, LinkOption.NOFOLLOW_LINKS);
        checkOwner(directory);
        if (Files.getPosixFilePermissions(directory).stream().anyMatch(OTHERS_MAY_WRITE::contains)) {
            throw new IOException(directory + " can be written by others; take that right away");
        }
    }

    private static void checkOwner(Path directory, LinkOption... links) throws IOException {
        int owner = (int) Files.getAttribute(directory, "unix:uid", links);
        if (owner != Accounts.ROOT && owner != Accounts.uidOf(Path.of("/proc/self"))) {
            throw new IOException(directory + " belongs to another user [uid: " + owner + "]");
        }
    }
}
