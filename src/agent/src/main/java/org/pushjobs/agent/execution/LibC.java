package org.pushjobs.agent.execution;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/** What calls of the C library have in common; the numbers are Linux's. */
@SuppressWarnings("restricted") // native calls; the launchers allow them
final class LibC {
    static final int O_CLOEXEC = 0x80000;
    static final int EINTR = 4;
    static final int EAGAIN = 11;

    /** Where a call leaves the number of its error. */
    static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();

    private static final int LONGEST_TEXT_BYTES = 1_024;
    private static final Linker LINKER = Linker.nativeLinker();
    private static final VarHandle ERRNO = CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle STRERROR = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("strerror"), FunctionDescriptor.of(ADDRESS, JAVA_INT));
    private static final MethodHandle CLOSE = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("close"), FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    private LibC() {}

    /** A function whose first parameter is where it leaves its error. */
    static MethodHandle function(String name, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name), descriptor, Linker.Option.captureCallState("errno"));
    }

    /** The same of one that takes any number of arguments after the first ones. */
    static MethodHandle variadicFunction(String name, FunctionDescriptor descriptor, int firstVariadic) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name),
                descriptor,
                Linker.Option.captureCallState("errno"),
                Linker.Option.firstVariadicArg(firstVariadic));
    }

    static int errno(MemorySegment state) {
        return (int) ERRNO.get(state, 0L);
    }

    /** What the system calls the error that a call has left there. */
    static String error(MemorySegment state) {
        try {
            return ((MemorySegment) STRERROR.invokeExact(errno(state)))
                    .reinterpret(LONGEST_TEXT_BYTES)
                    .getString(0);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static void close(int descriptor) {
        try {
            int ignored = (int) CLOSE.invokeExact(descriptor);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** What a call fails with that is none of its own errors. */
    static IllegalStateException unexpected(Throwable problem) {
        if (problem instanceof Error error) {
            throw error;
        }
        return new IllegalStateException(problem);
    }

    /** What calls threw among which one reports its errors so. */
    static IOException asIoException(Throwable problem) {
        if (problem instanceof IOException io) {
            return io;
        }
        throw unexpected(problem);
    }
}
