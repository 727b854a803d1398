package org.pushjobs.agent.execution;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.pushjobs.protocol.message.OutputTail;

/** The last bytes of what was written to it. It takes as much memory as it keeps. Never printed. Not thread-safe. */
final class TailRing {
    private final byte[] kept;
    private long written;

    /** @param bytes kept at most, from 1 */
    TailRing(int bytes) {
        this.kept = new byte[bytes];
    }

    void write(MemorySegment data) {
        long length = data.byteSize();
        int last = (int) Math.min(length, kept.length);
        int at = (int) ((written + length - last) % kept.length);
        int beforeTheEnd = Math.min(last, kept.length - at);
        MemorySegment.copy(data, JAVA_BYTE, length - last, kept, at, beforeTheEnd);
        MemorySegment.copy(data, JAVA_BYTE, length - last + beforeTheEnd, kept, 0, last - beforeTheEnd);
        written += length;
    }

    /** What is kept, from a whole character on; empty when nothing was written. */
    Optional<OutputTail> tail() {
        int size = (int) Math.min(written, kept.length);
        byte[] data = new byte[size];
        int begin = (int) ((written - size) % kept.length);
        int beforeTheEnd = Math.min(size, kept.length - begin);
        System.arraycopy(kept, begin, data, 0, beforeTheEnd);
        System.arraycopy(kept, 0, data, beforeTheEnd, size - beforeTheEnd);
        return Optional.of(new OutputTail(written - size, data).withoutHalfACharacter())
                .filter(tail -> tail.data().length > 0);
    }
}
