package org.pushjobs.agent.execution;

import java.io.File;
import java.io.IOException;
import java.util.Optional;
import org.pushjobs.protocol.message.OutputTail;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the last of what a process writes that nobody asked for. It is no trouble for the command, which would otherwise write
 * to {@code /dev/null}: it waits only while a lot comes at once, and what it leaves behind may go on writing for as long as it
 * lives, whatever becomes of the agent.
 */
final class TailPump extends Pump {
    private static final Logger LOG = LoggerFactory.getLogger(TailPump.class);
    private static final long LONGEST_PAUSE_MILLIS = 100;

    private final OutputPipe pipe;
    private final TailRing ring;
    private final ProcessBuilder reader;

    /**
     * @param bytes kept at most
     * @param reader a command that reads its input and throws it away
     * @throws IOException when the system has no pipe to spare
     */
    TailPump(int bytes, ProcessBuilder reader) throws IOException {
        super(LONGEST_PAUSE_MILLIS);
        this.ring = new TailRing(bytes);
        this.reader = reader;
        this.pipe = new OutputPipe();
    }

    /** Where the process is to write. */
    ProcessBuilder.Redirect to() {
        return ProcessBuilder.Redirect.to(pipe.writeEnd());
    }

    /** The process was started. */
    void started() {
        pipe.closeWriteEnd();
    }

    @Override
    boolean readSome() throws IOException {
        return pipe.readInto(ring) > 0;
    }

    /** Where something lives that can write, it gets another reader. */
    @Override
    void end() throws IOException {
        try (pipe) {
            if (pipe.readInto(ring) != OutputPipe.ENDED) {
                LOG.debug("a command has left something behind that may go on writing");
                reader.redirectInput(pipe.readEnd())
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .directory(new File("/"))
                        .start();
            }
        }
    }

    /** Reads no more; who still writes is ended by that. More than once is as once. */
    void close() {
        pipe.close();
    }

    /** To be asked at the end; empty when nothing was written. */
    Optional<OutputTail> tail() {
        return ring.tail();
    }
}
