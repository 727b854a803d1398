package org.pushjobs.agent.execution;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The hold of one agent on its {@code file_dir}. Two agents in one directory would take each other's commands for left
 * behind and remove each other's files, so the directory is locked. The lock is of the kind that ends with the process.
 * Usable from any thread; blocks for the file system.
 */
public final class FileDirectory implements AutoCloseable {
    static final String LOCK_NAME = "pushy_agent.lock";

    private final ReentrantLock turn = new ReentrantLock();
    private Optional<Held> held = Optional.empty();
    private volatile boolean closed;

    /** @param file what the system calls the lock's file; another one may get its name */
    private record Held(Path directory, Object file, CommandLock lock) {
        private boolean isFor(Path wanted) throws IOException {
            return directory.equals(wanted)
                    && Files.exists(lockOf(wanted))
                    && idOf(lockOf(wanted)).equals(file);
        }
    }

    /**
     * Sees to it that a job's files can be written there, by writing one and removing it. Makes the directory if need be,
     * locks it unless that was done before, and lets go of the one that was asked for before.
     *
     * @param content as large as the job's file
     * @throws IOException says what is wrong; nobody may have the directory but this agent and root
     */
    public void require(Path directory, byte[] content) throws IOException {
        turn.lock();
        try {
            AgentDirectory.make(directory);
            hold(directory);
            Files.delete(JobFile.write(directory, content, Optional.empty()));
        } catch (FileSystemException e) {
            throw new IOException(reason(e), e);
        } finally {
            turn.unlock();
            if (closed) {
                close();
            }
        }
    }

    private void hold(Path directory) throws IOException {
        if (closed) {
            throw new IOException("the agent stops");
        }
        if (held.isPresent() && held.get().isFor(directory)) {
            return;
        }
        CommandLock lock = CommandLock.tryLock(lockOf(directory))
                .orElseThrow(() -> new IOException("another agent uses it, give each one of its own"));
        try {
            Held taken = new Held(directory, idOf(lockOf(directory)), lock);
            held.ifPresent(before -> before.lock.close());
            held = Optional.of(taken);
        } catch (IOException e) {
            lock.close();
            throw e;
        }
    }

    private static Path lockOf(Path directory) {
        return directory.resolve(LOCK_NAME);
    }

    private static Object idOf(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }

    private static String reason(FileSystemException problem) {
        return switch (problem) {
            case AccessDeniedException _ -> "the agent's user may not use " + problem.getFile();
            case FileAlreadyExistsException _, NotDirectoryException _ -> problem.getFile() + " is no directory";
            case NoSuchFileException _ -> problem.getFile() + " cannot be made";
            case FileSystemException other -> other.getMessage();
        };
    }

    /**
     * Lets go of the directory for good. Does not wait for a file system that hangs; whoever waits for that lets go when it
     * answers.
     */
    @Override
    public void close() {
        closed = true;
        if (turn.tryLock()) {
            try {
                held.ifPresent(last -> last.lock.close());
                held = Optional.empty();
            } finally {
                turn.unlock();
            }
        }
    }
}
