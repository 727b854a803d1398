package org.pushjobs.agent.execution;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says on disk which job's command runs, for the case that the agent is killed: the next agent of the node finds it. The
 * agent holds a lock on it as long as it lives, so that a second agent of the same name takes nothing for left behind.
 */
final class RunningMark implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RunningMark.class);
    private static final String PREFIX = "pushy_running_";
    private static final int LONGEST_JOB_ID_BYTES = 1024;

    private final Path path;
    private final FileChannel file;
    private final String jobId;

    private RunningMark(Path path, FileChannel file, String jobId) {
        this.path = path;
        this.file = file;
        this.jobId = jobId;
    }

    static RunningMark set(Path directory, String nodeName, String jobId) throws IOException {
        Path path = pathFor(directory, nodeName);
        Path fresh = AgentDirectory.newFile(directory, PREFIX);
        FileChannel file = FileChannel.open(fresh, StandardOpenOption.WRITE);
        try {
            file.write(ByteBuffer.wrap(jobId.getBytes(StandardCharsets.UTF_8)));
            file.tryLock();
            Files.move(fresh, path, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            file.close();
            Files.deleteIfExists(fresh);
            throw e;
        }
        return new RunningMark(path, file, jobId);
    }

    /**
     * The mark of an agent that is gone.
     *
     * @throws IOException also when someone else could have put it there
     */
    static Optional<RunningMark> leftBehind(Path directory, String nodeName) throws IOException {
        if (Files.notExists(directory, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        AgentDirectory.checkSafe(directory);
        Path path = pathFor(directory, nodeName);
        FileChannel file;
        try {
            file = FileChannel.open(
                    path, Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        try {
            if (!lock(file)) {
                LOG.warn("another agent of this name runs a command [node: {}]", nodeName);
                file.close();
                return Optional.empty();
            }
            ByteBuffer content = ByteBuffer.allocate(LONGEST_JOB_ID_BYTES);
            file.read(content);
            return Optional.of(new RunningMark(
                    path, file, new String(content.array(), 0, content.position(), StandardCharsets.UTF_8)));
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    private static boolean lock(FileChannel file) throws IOException {
        try {
            FileLock lock = file.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    /** Node names may hold what file names must not. */
    private static Path pathFor(Path directory, String nodeName) {
        return directory.resolve(PREFIX + UUID.nameUUIDFromBytes(nodeName.getBytes(StandardCharsets.UTF_8)));
    }

    String jobId() {
        return jobId;
    }

    /** Nothing of the job runs any more. */
    @Override
    public void close() {
        try (file) {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            LOG.warn("the mark of a command could not be removed [job: {}, cause: {}]", jobId, e.toString());
        }
    }
}
