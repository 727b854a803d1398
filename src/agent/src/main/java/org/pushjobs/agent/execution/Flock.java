package org.pushjobs.agent.execution;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;

/** The calls of the C library that locking a file needs; the numbers are Linux's. */
@SuppressWarnings("restricted") // native calls; the launchers allow them
final class Flock {
    private static final int O_RDWR = 2;
    private static final int O_CREAT = 0x40;
    private static final int O_CLOEXEC = 0x80000;
    private static final int MODE = 0644;
    private static final int LOCK_EX = 2;
    private static final int LOCK_NB = 4;
    private static final int EINTR = 4;
    private static final int EWOULDBLOCK = 11;
    private static final int LONGEST_TEXT_BYTES = 1_024;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle OPEN = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("open"),
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT),
            Linker.Option.captureCallState("errno"),
            Linker.Option.firstVariadicArg(2));
    private static final MethodHandle FLOCK = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("flock"),
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT),
            Linker.Option.captureCallState("errno"));
    private static final MethodHandle STRERROR = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("strerror"), FunctionDescriptor.of(ADDRESS, JAVA_INT));
    private static final MethodHandle CLOSE = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("close"), FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    private Flock() {}

    /** Opens a file, not for children, and makes it when it is not there. */
    static int open(Path file) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            int descriptor = (int)
                    OPEN.invokeExact(state, arena.allocateFrom(file.toString()), O_RDWR | O_CREAT | O_CLOEXEC, MODE);
            if (descriptor < 0) {
                throw new IOException(file + " cannot be opened: " + text(errno(state)));
            }
            return descriptor;
        } catch (Throwable e) {
            throw asIoException(e);
        }
    }

    /** Whether the exclusive lock could be had at once. */
    static boolean tryExclusive(int descriptor) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            while ((int) FLOCK.invokeExact(state, descriptor, LOCK_EX | LOCK_NB) != 0) {
                int errno = errno(state);
                if (errno == EWOULDBLOCK) {
                    return false;
                }
                if (errno != EINTR) {
                    throw new IOException("the file system does not lock files: " + text(errno));
                }
            }
            return true;
        } catch (Throwable e) {
            throw asIoException(e);
        }
    }

    /** Closes the file, and so gives its lock back. */
    static void close(int descriptor) {
        try {
            int ignored = (int) CLOSE.invokeExact(descriptor);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** What the system calls it. */
    private static String text(int errno) throws Throwable {
        return ((MemorySegment) STRERROR.invokeExact(errno))
                .reinterpret(LONGEST_TEXT_BYTES)
                .getString(0);
    }

    private static int errno(MemorySegment state) {
        return (int) ERRNO.get(state, 0L);
    }

    private static IOException asIoException(Throwable problem) {
        return switch (problem) {
            case IOException io -> io;
            case Error error -> throw error;
            case Throwable other -> throw new IllegalStateException(other);
        };
    }
}
