package org.pushjobs.agent.execution;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The temporary file with which a job's file reaches its command: {@code pushy_file*}, mode 0600, of the job's user. */
final class JobFile {
    private static final Logger LOG = LoggerFactory.getLogger(JobFile.class);
    private static final String PREFIX = "pushy_file";

    private JobFile() {}

    /** @throws IOException also when someone else could exchange files in the directory */
    static Path write(Path directory, byte[] content, Optional<Account> user) throws IOException {
        Path file = AgentDirectory.newFile(directory, PREFIX);
        try {
            Files.write(file, content);
            if (user.isPresent()) {
                Files.setAttribute(file, "unix:uid", user.get().uid());
                Files.setAttribute(file, "unix:gid", user.get().gid());
            }
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(file);
            throw e;
        }
        return file;
    }

    /** Removes the files of jobs that are older than that; only those, whatever else is in the directory. */
    static void removeExpired(Path directory, Duration age) {
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Instant youngest = Instant.now().minus(age);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, PREFIX + "*")) {
            for (Path file : files) {
                BasicFileAttributes attributes =
                        Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                if (attributes.isRegularFile()
                        && attributes.lastModifiedTime().toInstant().isBefore(youngest)) {
                    Files.deleteIfExists(file);
                    LOG.info("removed an old job file [file: {}]", file);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            LOG.warn("old job files cannot be removed [directory: {}, cause: {}]", directory, e.toString());
        }
    }
}
