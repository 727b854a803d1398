package org.pushjobs.ctl.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Puts files and links in the place of others at once: whoever looks sees the old or the new, also after this process was
 * killed or the machine lost its power.
 */
public final class AtomicFile {
    private static final String SUFFIX = ".pushjobs-new";

    private AtomicFile() {}

    /** A file of this name has this content and access afterwards; a link is replaced, not followed. */
    public static void write(Path file, byte[] content, Access access) throws IOException {
        removeLeftovers(file);
        Path temporary = Files.createTempFile(
                directory(file),
                "." + file.getFileName() + ".",
                SUFFIX,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                ByteBuffer rest = ByteBuffer.wrap(content);
                while (rest.hasRemaining()) {
                    channel.write(rest);
                }
                channel.force(true);
            }
            access.giveTo(temporary);
            move(temporary, file);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** A symbolic link of this name leads there afterwards. */
    public static void link(Path link, Path target) throws IOException {
        removeLeftovers(link);
        Path temporary = directory(link)
                .resolve(
                        "." + link.getFileName() + "." + ProcessHandle.current().pid() + SUFFIX);
        try {
            Files.createSymbolicLink(temporary, target);
            move(temporary, link);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** It is not there afterwards. */
    public static void delete(Path file) throws IOException {
        if (Files.deleteIfExists(file)) {
            sync(directory(file));
        }
    }

    private static void move(Path temporary, Path file) throws IOException {
        if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(file + " is a directory where a file or a link is to be; move it away");
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        sync(directory(file));
    }

    /** What a process that was killed left. */
    private static void removeLeftovers(Path file) throws IOException {
        try (DirectoryStream<Path> leftovers =
                Files.newDirectoryStream(directory(file), "." + file.getFileName() + ".*" + SUFFIX)) {
            for (Path leftover : leftovers) {
                Files.deleteIfExists(leftover);
            }
        }
    }

    private static Path directory(Path file) {
        return file.toAbsolutePath().getParent();
    }

    /** So that the change survives a power failure. */
    private static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
