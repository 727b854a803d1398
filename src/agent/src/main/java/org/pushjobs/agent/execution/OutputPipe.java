package org.pushjobs.agent.execution;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A pipe for what a command writes. Those of Java are closed when the command ends, and what it has left behind is killed by
 * its next line; this one can be handed on to somebody else. Reading never waits. Belongs to one thread.
 */
final class OutputPipe implements AutoCloseable {
    /** {@link #readInto} says it when nobody can write any more. */
    static final int ENDED = -1;

    private static final int O_NONBLOCK = 0x800;
    private static final int F_SETPIPE_SZ = 1031;
    /** So that a command which writes much does not wait for us all the time. The system's memory, as far as it is filled. */
    private static final int PIPE_BYTES = 1 << 20;

    /** As with {@code /dev/null}, a command of another user may open its {@code /dev/stdout}. Nobody else can reach the pipe. */
    private static final int PIPE_MODE = 0622;

    private static final int BUFFER_BYTES = 65_536;

    private static final MethodHandle PIPE2 =
            LibC.function("pipe2", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle FCNTL =
            LibC.variadicFunction("fcntl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT), 2);
    private static final MethodHandle FCHMOD =
            LibC.function("fchmod", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle READ =
            LibC.function("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));

    private static final Logger LOG = LoggerFactory.getLogger(OutputPipe.class);

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment state = arena.allocate(LibC.CALL_STATE);
    private final MemorySegment buffer = arena.allocate(BUFFER_BYTES);
    private final int readEnd;
    private final int writeEnd;
    private boolean writeEndIsOpen = true;
    private boolean isOpen = true;

    /** @throws IOException when the system has none to spare */
    OutputPipe() throws IOException {
        try {
            MemorySegment ends = arena.allocate(JAVA_INT, 2);
            if ((int) PIPE2.invokeExact(state, ends, LibC.O_CLOEXEC | O_NONBLOCK) != 0) {
                throw new IOException("no pipe could be had: " + LibC.error(state));
            }
            readEnd = ends.getAtIndex(JAVA_INT, 0);
            writeEnd = ends.getAtIndex(JAVA_INT, 1);
            // where the system does not allow it, it stays smaller
            int size = (int) FCNTL.invokeExact(state, readEnd, F_SETPIPE_SZ, PIPE_BYTES);
            if ((int) FCHMOD.invokeExact(state, readEnd, PIPE_MODE) != 0) {
                LOG.debug("a command of another user cannot open its output anew [cause: {}]", LibC.error(state));
            }
        } catch (Throwable e) {
            arena.close();
            throw LibC.asIoException(e);
        }
        if (!writeEnd().exists()) {
            close();
            throw new IOException("/proc/self/fd, by which it is opened, is not there");
        }
    }

    /** To be opened for writing; whoever writes to it waits when it is full. */
    File writeEnd() {
        return file(writeEnd);
    }

    /** To be opened for reading, as long as this is open. */
    File readEnd() {
        return file(readEnd);
    }

    private static File file(int descriptor) {
        return new File("/proc/self/fd/" + descriptor);
    }

    /** All who are to write have opened it. */
    void closeWriteEnd() {
        if (writeEndIsOpen) {
            writeEndIsOpen = false;
            LibC.close(writeEnd);
        }
    }

    /**
     * Adds some of what is there to a ring.
     *
     * @return how many bytes; 0 when nothing is there now; {@link #ENDED}
     */
    int readInto(TailRing ring) throws IOException {
        long count;
        try {
            count = (long) READ.invokeExact(state, readEnd, buffer, (long) BUFFER_BYTES);
        } catch (Throwable e) {
            throw LibC.unexpected(e);
        }
        if (count < 0) {
            return switch (LibC.errno(state)) {
                case LibC.EAGAIN, LibC.EINTR -> 0;
                default -> throw new IOException(LibC.error(state));
            };
        }
        ring.write(buffer.asSlice(0, count));
        return count == 0 ? ENDED : (int) count;
    }

    /** More than once is as once. */
    @Override
    public void close() {
        closeWriteEnd();
        if (isOpen) {
            isOpen = false;
            LibC.close(readEnd);
            arena.close();
        }
    }
}
