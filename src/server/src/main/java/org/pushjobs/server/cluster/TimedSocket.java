package org.pushjobs.server.cluster;

import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A blocking socket with which one has to be done by a deadline, however slowly bytes drip in. Not thread-safe. */
final class TimedSocket implements AutoCloseable {
    private final Socket socket;
    private final long deadlineNanos;

    TimedSocket(Socket socket, Duration limit) {
        this.socket = socket;
        this.deadlineNanos = System.nanoTime() + limit.toNanos();
    }

    /** @throws SocketTimeoutException when the bytes are not there by the deadline */
    byte[] read(int count) throws IOException {
        byte[] bytes = new byte[count];
        for (int filled = 0; filled < count; ) {
            socket.setSoTimeout(remainingMillis());
            int more = socket.getInputStream().read(bytes, filled, count - filled);
            if (more < 0) {
                throw new EOFException();
            }
            filled += more;
        }
        return bytes;
    }

    private int remainingMillis() throws SocketTimeoutException {
        long millis = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
        if (millis <= 0) {
            throw new SocketTimeoutException();
        }
        return (int) millis;
    }

    /** Few bytes: they have to fit into the socket's buffer. */
    void write(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** There is no deadline any more; the socket stays open. */
    @Override
    public void close() throws IOException {
        socket.setSoTimeout(0);
    }
}
