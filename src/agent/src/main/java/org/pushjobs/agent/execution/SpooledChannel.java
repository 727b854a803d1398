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

/**
 * One channel of an {@link OutputSpool}. When the disk is full, what comes then is dropped. What is told about dropped bytes
 * is kept in memory: there may be no room for it on the disk.
 */
final class SpooledChannel {
    private static final Logger LOG = LoggerFactory.getLogger(SpooledChannel.class);

    private final FileChannel file;
    private final int limitBytes;
    private volatile long kept;
    private volatile long writtenBytes;
    private volatile byte[] notice = {};
    private volatile boolean failed;

    SpooledChannel(FileChannel file, int limitBytes) {
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
        int room = (int) Math.min(length, limitBytes - kept);
        if (room > 0 && !failed) {
            append(ByteBuffer.wrap(bytes, 0, room));
        }
        writtenBytes += length;
    }

    private void append(ByteBuffer bytes) {
        long position = kept;
        try {
            while (bytes.hasRemaining()) {
                position += file.write(bytes, position);
            }
        } catch (IOException e) {
            failed = true;
            LOG.warn("a command's output cannot be kept any more [cause: {}]", e.toString());
        }
        kept = position;
    }

    /** For the writing thread, at the end. */
    void addNotice() {
        long dropped = droppedBytes();
        if (dropped > 0) {
            notice = ("\n[push jobs: output cut off here, " + dropped + " more bytes were written"
                            + (failed ? "; the node had no room to keep them" : "") + "]\n")
                    .getBytes(StandardCharsets.UTF_8);
        }
    }

    /** What can be read, the notice included. */
    long size() {
        return kept + notice.length;
    }

    /** What the command wrote. */
    long writtenBytes() {
        return writtenBytes;
    }

    long droppedBytes() {
        return writtenBytes - kept;
    }

    /** Whether it was the disk that ended it, and not the limit. */
    boolean isCutByTheDisk() {
        return failed;
    }

    byte[] read(long offset, int atMost) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Math.clamp(size() - offset, 0, atMost));
        int ofFile = Math.clamp(kept - offset, 0, bytes.capacity());
        bytes.limit(ofFile);
        while (bytes.hasRemaining()) {
            if (file.read(bytes, offset + bytes.position()) < 0) {
                throw new IOException("a command's output is shorter than it was");
            }
        }
        bytes.limit(bytes.capacity());
        int ofNotice = (int) Math.max(0, offset - kept);
        bytes.put(notice, ofNotice, bytes.remaining());
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
