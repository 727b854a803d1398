package org.pushjobs.ctl.plan;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.pushjobs.ctl.CtlException;
import org.pushjobs.ctl.files.Access;
import org.pushjobs.ctl.files.AtomicFile;

/** Makes one thing so. Whatever it is killed in, doing it again ends right. */
final class Applier {
    private final NginxCheck nginx;

    Applier(NginxCheck nginx) {
        this.nginx = nginx;
    }

    void apply(Wanted wanted) throws CtlException, InterruptedException {
        try {
            switch (wanted) {
                case Wanted.Directory(var path, var access) -> directory(path, access);
                case Wanted.File file -> write(file);
                case Wanted.Link(var path, var target) -> {
                    Files.createDirectories(path.getParent());
                    AtomicFile.link(path, target);
                }
                case Wanted.Nothing(var path) -> remove(path);
                case Wanted.NginxFiles(var files) -> {
                    nginx.keep(files);
                    for (Wanted.File file : files) {
                        write(file);
                    }
                    nginx.run(files);
                }
                case Wanted.InDatabase(var state) -> state.apply();
            }
        } catch (IOException | UncheckedIOException e) {
            throw new CtlException(
                    "a file cannot be changed: " + e.getMessage() + " (" + wanted
                            + "); run this command as root, and look whether there is space left",
                    e);
        }
    }

    private static void directory(Path path, Access access) throws IOException {
        Files.createDirectories(path);
        access.giveTo(path);
    }

    private static void write(Wanted.File file) throws IOException {
        Files.createDirectories(file.path().getParent());
        AtomicFile.write(file.path(), file.content().getBytes(StandardCharsets.UTF_8), file.access());
    }

    /** Nothing of this name is there afterwards. */
    static void remove(Path path) throws IOException {
        if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            AtomicFile.delete(path);
            return;
        }
        // Something may still run in it and take its own files away.
        Files.walkFileTree(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (e instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw e;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException e) throws IOException {
                if (e != null) {
                    throw e;
                }
                Files.deleteIfExists(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
