package org.pushjobs.agent.execution;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/** Keeps the start of a stream and counts the rest. Not thread-safe. */
final class BoundedCapture {
    private final InputStream stream;
    private final int limitBytes;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private final byte[] buffer = new byte[16_384];
    private long totalBytes;

    BoundedCapture(InputStream stream, int limitBytes) {
        this.stream = stream;
        this.limitBytes = limitBytes;
    }

    /** Reads what is there without waiting for more; returns whether there was something. */
    boolean readAvailable() throws IOException {
        int available = stream.available();
        if (available <= 0) {
            return false;
        }
        int count = stream.read(buffer, 0, Math.min(available, buffer.length));
        if (count <= 0) {
            return false;
        }
        kept.write(buffer, 0, Math.min(count, limitBytes - kept.size()));
        totalBytes += count;
        return true;
    }

    byte[] kept() {
        return kept.toByteArray();
    }

    long totalBytes() {
        return totalBytes;
    }
}
