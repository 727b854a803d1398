package org.pushjobs.server.jobs;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Callable;

/**
 * A file in the directory for temporary files that nobody else can open: readable by its owner, and without a name as soon as
 * it is open, so that nothing of it outlives the process. Made when it is needed first. Used one call at a time, on a worker
 * thread; answers on the context of the caller.
 */
public final class FileSpill implements Spill {
    private final Vertx vertx;
    private FileChannel channel;

    public FileSpill(Vertx vertx) {
        this.vertx = vertx;
    }

    @Override
    public Future<Void> write(long position, byte[] data) {
        return blocking(() -> {
            ByteBuffer buffer = ByteBuffer.wrap(data);
            while (buffer.hasRemaining()) {
                open().write(buffer, position + buffer.position());
            }
            return null;
        });
    }

    @Override
    public Future<byte[]> read(long position, int length) {
        return blocking(() -> {
            ByteBuffer buffer = ByteBuffer.allocate(length);
            while (buffer.hasRemaining()) {
                if (open().read(buffer, position + buffer.position()) < 0) {
                    throw new EOFException("the file ends at " + open().size());
                }
            }
            return buffer.array();
        });
    }

    @Override
    public void clear() {
        blocking(() -> open().truncate(0));
    }

    private <T> Future<T> blocking(Callable<T> work) {
        return vertx.executeBlocking(
                () -> {
                    synchronized (this) {
                        return work.call();
                    }
                },
                true);
    }

    private FileChannel open() throws IOException {
        if (channel == null) {
            Path file = Files.createTempFile("pushjobs-output-", "");
            channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
            Files.delete(file);
        }
        return channel;
    }

    /** To be called when nothing waits in it any more. */
    public void close() {
        synchronized (this) {
            if (channel != null) {
                try {
                    channel.close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }
}
