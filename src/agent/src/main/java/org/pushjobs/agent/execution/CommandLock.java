package org.pushjobs.agent.execution;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An exclusive lock on a file, as Ruby's {@code File#flock} and {@code flock(1)} take it; Java's own file locks are of
 * another kind, which those do not see. It belongs to this process alone and ends with it, whatever ends it. Usable from
 * any thread.
 */
public final class CommandLock implements AutoCloseable {
    private final int descriptor;
    private final AtomicBoolean released = new AtomicBoolean();

    private CommandLock(int descriptor) {
        this.descriptor = descriptor;
    }

    /**
     * Takes the lock without waiting; empty when somebody holds it.
     *
     * @param file made when it is not there
     * @throws IOException when the file cannot be opened or locked
     */
    static Optional<CommandLock> tryLock(Path file) throws IOException {
        int descriptor = Flock.open(file);
        try {
            if (Flock.tryExclusive(descriptor)) {
                return Optional.of(new CommandLock(descriptor));
            }
        } catch (IOException e) {
            Flock.close(descriptor);
            throw e;
        }
        Flock.close(descriptor);
        return Optional.empty();
    }

    /** Gives the lock back; a second time does nothing. */
    @Override
    public void close() {
        if (released.compareAndSet(false, true)) {
            Flock.close(descriptor);
        }
    }
}
