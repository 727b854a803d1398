package org.pushjobs.agent.execution;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/** The calls of the C library that locking a file needs; the numbers are Linux's. */
final class Flock {
    private static final int O_RDWR = 2;
    private static final int O_CREAT = 0x40;
    private static final int MODE = 0644;
    private static final int LOCK_EX = 2;
    private static final int LOCK_NB = 4;

    private static final MethodHandle OPEN =
            LibC.variadicFunction("open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT), 2);
    private static final MethodHandle FLOCK =
            LibC.function("flock", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));

    private Flock() {}

    /** Opens a file, not for children, and makes it when it is not there. */
    static int open(Path file) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(LibC.CALL_STATE);
            int descriptor = (int) OPEN.invokeExact(
                    state, arena.allocateFrom(file.toString()), O_RDWR | O_CREAT | LibC.O_CLOEXEC, MODE);
            if (descriptor < 0) {
                throw new IOException(file + " cannot be opened: " + LibC.error(state));
            }
            return descriptor;
        } catch (Throwable e) {
            throw LibC.asIoException(e);
        }
    }

    /** Whether the exclusive lock could be had at once. */
    static boolean tryExclusive(int descriptor) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(LibC.CALL_STATE);
            while ((int) FLOCK.invokeExact(state, descriptor, LOCK_EX | LOCK_NB) != 0) {
                switch (LibC.errno(state)) {
                    case LibC.EAGAIN -> {
                        return false;
                    }
                    case LibC.EINTR -> {
                        // again
                    }
                    default -> throw new IOException("the file system does not lock files: " + LibC.error(state));
                }
            }
            return true;
        } catch (Throwable e) {
            throw LibC.asIoException(e);
        }
    }

    /** Closes the file, and so gives its lock back. */
    static void close(int descriptor) {
        LibC.close(descriptor);
    }
}
