package org.pushjobs.workstation.completion;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Names that were asked for a moment ago, so that a shell need not wait for a server at each key. A file of the user's for each
 * kind, server and user, which nobody else can read. That it cannot be read or written changes nothing. Used by one thread.
 */
final class NameCache {
    /** Asks for names; empty when they cannot be had. */
    interface Source {
        Optional<List<String>> ask() throws InterruptedException;
    }

    /** So old names are asked for again. */
    private static final Duration FRESH = Duration.ofSeconds(60);

    private static final int MAX_NAMES = 10_000;

    private final Path directory;
    private final InstantSource clock;

    NameCache(Path directory, InstantSource clock) {
        this.directory = directory;
        this.clock = clock;
    }

    /**
     * The names of this kind: those that are remembered when they are fresh or the source has none, else the source's.
     *
     * @param owner whose they are: of another server or user are other names
     */
    List<String> names(String kind, String owner, Source source) throws InterruptedException {
        Path file = directory.resolve(kind + "-" + digest(owner));
        if (isFresh(file)) {
            return read(file);
        }
        Optional<List<String>> asked = source.ask();
        if (asked.isEmpty()) {
            return read(file);
        }
        List<String> names = asked.get().stream()
                .filter(name -> name.lines().count() == 1)
                .limit(MAX_NAMES)
                .toList();
        write(file, names);
        return names;
    }

    private boolean isFresh(Path file) {
        try {
            Duration age = Duration.between(Files.getLastModifiedTime(file).toInstant(), clock.instant());
            return !age.isNegative() && age.compareTo(FRESH) < 0;
        } catch (IOException _) {
            return false;
        }
    }

    private static List<String> read(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException _) {
            return List.of();
        }
    }

    private void write(Path file, List<String> names) {
        try {
            Files.createDirectories(directory.getParent());
            if (!Files.isDirectory(directory)) {
                Files.createDirectory(
                        directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            Path complete = Files.createTempFile(directory, "names", null);
            Files.write(complete, names);
            Files.setLastModifiedTime(complete, FileTime.from(clock.instant()));
            Files.move(complete, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | UnsupportedOperationException _) {
            // They are asked for again next time.
        }
    }

    private static String digest(String owner) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(owner.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
