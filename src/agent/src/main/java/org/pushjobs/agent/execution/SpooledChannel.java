package org.pushjobs.agent.execution;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One channel of an {@link OutputSpool}. When the disk is full, what comes then is dropped. */
final class SpooledChannel {
    private static final Logger LOG = LoggerFactory.getLogger(SpooledChannel.class);

    private final FileChannel file;
    private final int limitBytes;
    private volatile long size;
    private volatile long writtenBytes;
    private boolean full;

    private SpooledChannel(FileChannel file, int limitBytes) {
        this.file = file;
        this.limitBytes = limitBytes;
    }

    static SpooledChannel open(Path directory, int limitBytes) throws IOException {
        Path path = AgentDirectory.newFile(directory, "pushy_output");
        FileChannel file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            Files.delete(path);
        } catch (IOException e) {
            file.close();
            throw e;
        }
        return new SpooledChannel(file, limitBytes);
    }

    /** For the writing thread. */
    void write(byte[] bytes, int length) {
        int kept = (int) Math.min(length, limitBytes - size);
        if (kept > 0 && !full) {
            append(ByteBuffer.wrap(bytes, 0, kept));
        }
        writtenBytes += length;
    }

    private void append(ByteBuffer bytes) {
        try {
            long position = size;
            while (bytes.hasRemaining()) {
                position += file.write(bytes, position);
            }
            size = position;
        } catch (IOException e) {
            full = true;
            LOG.warn("a command's output cannot be kept any more [cause: {}]", e.toString());
        }
    }

    /** For the writing thread, at the end. */
    void addNotice() {
        long dropped = droppedBytes();
        if (dropped > 0) {
            full = false;
            append(ByteBuffer.wrap(("\n[push jobs: output cut off here, " + dropped + " more bytes were written]\n")
                    .getBytes(StandardCharsets.UTF_8)));
            writtenBytes = size + dropped;
        }
    }

    long size() {
        return size;
    }

    long writtenBytes() {
        return writtenBytes;
    }

    long droppedBytes() {
        return writtenBytes - size;
    }

    byte[] read(long offset, int atMost) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Math.clamp(size - offset, 0, atMost));
        while (bytes.hasRemaining()) {
            if (file.read(bytes, offset + bytes.position()) < 0) {
                throw new IOException("a command's output is shorter than it was");
            }
        }
        return bytes.array();
    }

    void close() {
        try {
            file.close();
        } catch (IOException e) {
            LOG.debug("closing a command's output failed [cause: {}]", e.toString());
        }
    }
}
