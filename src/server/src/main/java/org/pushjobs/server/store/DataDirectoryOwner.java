package org.pushjobs.server.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A file that says which server has an embedded database, beside the lock that makes it so: a command that holds the lock lets
 * go of it soon, a server does not. It counts only while its process runs.
 */
final class DataDirectoryOwner {
    private static final String FILE = "server.pid";

    private DataDirectoryOwner() {}

    /** This process is a server and has the lock. */
    static void put(Path directory) throws IOException {
        Files.writeString(
                directory.resolve(FILE), Long.toString(ProcessHandle.current().pid()) + "\n");
    }

    /** The server lets go. */
    static void remove(Path directory) throws IOException {
        Files.deleteIfExists(directory.resolve(FILE));
    }

    /** The server that runs on it, for people; empty when there is none. */
    static Optional<String> server(Path directory) {
        try {
            long pid = Long.parseLong(Files.readString(directory.resolve(FILE)).strip());
            return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).map(_ -> "the server with process id " + pid);
        } catch (NoSuchFileException | NumberFormatException e) {
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("a server that cannot be named (" + e.getClass().getSimpleName() + ")");
        }
    }
}
