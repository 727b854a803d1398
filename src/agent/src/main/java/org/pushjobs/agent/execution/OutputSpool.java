package org.pushjobs.agent.execution;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.pushjobs.protocol.message.Output;
import org.pushjobs.protocol.message.OutputChannel;

/**
 * The output of one command on its way to the server, in two files that have no name, so that it costs no memory and is gone
 * with the agent. Of each channel the beginning is kept, up to a limit; a notice at its end tells how much was dropped.
 *
 * <p>One thread writes and then seals, another may read meanwhile. Never printed.
 */
public final class OutputSpool implements AutoCloseable {
    private final SpooledChannel stdout;
    private final SpooledChannel stderr;
    private volatile boolean sealed;

    OutputSpool(SpooledChannel stdout, SpooledChannel stderr) {
        this.stdout = stdout;
        this.stderr = stderr;
    }

    /**
     * @param directory where the files are for the moment in which they have a name; made if need be
     * @param limitBytes the most that is kept of each channel
     */
    static OutputSpool open(Path directory, int limitBytes) throws IOException {
        SpooledChannel stdout = SpooledChannel.open(directory, limitBytes);
        try {
            return new OutputSpool(stdout, SpooledChannel.open(directory, limitBytes));
        } catch (IOException e) {
            stdout.close();
            throw e;
        }
    }

    SpooledChannel channel(OutputChannel channel) {
        return switch (channel) {
            case STDOUT -> stdout;
            case STDERR -> stderr;
        };
    }

    /** Nothing more is written; notices are added where something was dropped. */
    void seal() {
        stdout.addNotice();
        stderr.addNotice();
        sealed = true;
    }

    /** Whether all that will ever be there is there. */
    public boolean isSealed() {
        return sealed;
    }

    /** How many bytes of a channel can be read, from its start. */
    public long size(OutputChannel channel) {
        return channel(channel).size();
    }

    /** How many bytes the command wrote to a channel that are not kept. */
    public long droppedBytes(OutputChannel channel) {
        return channel(channel).droppedBytes();
    }

    /** How many bytes the command wrote, to both channels. */
    public long writtenBytes() {
        return stdout.writtenBytes() + stderr.writtenBytes();
    }

    /**
     * A part of a channel.
     *
     * @param offset bytes before it
     * @param atMost bytes
     */
    public byte[] read(OutputChannel channel, long offset, int atMost) throws IOException {
        return channel(channel).read(offset, atMost);
    }

    /**
     * All of it as text, bytes that are no UTF-8 replaced; empty when both channels together have more than the limit. What a
     * full disk has cut off is told in it.
     */
    public Optional<Output> within(int limitBytes) throws IOException {
        if (isCutByTheLimit(stdout) || isCutByTheLimit(stderr) || stdout.size() + stderr.size() > limitBytes) {
            return Optional.empty();
        }
        return Optional.of(new Output(
                new String(stdout.read(0, limitBytes), StandardCharsets.UTF_8),
                new String(stderr.read(0, limitBytes), StandardCharsets.UTF_8)));
    }

    private static boolean isCutByTheLimit(SpooledChannel channel) {
        return channel.droppedBytes() > 0 && !channel.isCutByTheDisk();
    }

    /** Gives the disk space back. */
    @Override
    public void close() {
        stdout.close();
        stderr.close();
    }

    @Override
    public String toString() {
        return "OutputSpool[" + writtenBytes() + " bytes]";
    }
}
