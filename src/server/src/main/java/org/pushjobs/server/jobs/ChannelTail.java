package org.pushjobs.server.jobs;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.pushjobs.server.jobs.model.OutputKey;
import org.pushjobs.server.jobs.model.OutputPart;

/**
 * Puts what arrived of one channel behind what is stored of it: what is known already is passed over, what leaves a gap is
 * dropped (it comes again), small parts become one, and at the limit it ends.
 */
final class ChannelTail {
    private final OutputKey key;
    private final long limitBytes;
    private final int largestPartBytes;
    private final List<OutputPart> parts = new ArrayList<>();
    private final ByteArrayOutputStream open = new ByteArrayOutputStream();
    private long end;

    /** @param storedBytes of the channel */
    ChannelTail(OutputKey key, long storedBytes, long limitBytes, int largestPartBytes) {
        this.key = key;
        this.end = storedBytes;
        this.limitBytes = limitBytes;
        this.largestPartBytes = largestPartBytes;
    }

    void append(OutputPart part) {
        long from = end - part.position();
        long to = Math.min(part.data().length, limitBytes - part.position());
        if (from < 0 || from >= to) {
            return;
        }
        int length = (int) (to - from);
        if (open.size() + length > largestPartBytes) {
            close();
        }
        open.write(part.data(), (int) from, length);
        end += length;
    }

    private void close() {
        if (open.size() > 0) {
            parts.add(new OutputPart(key.jobId(), key.node(), key.channel(), end - open.size(), open.toByteArray()));
            open.reset();
        }
    }

    /** What is to be stored; nothing can be appended any more. */
    List<OutputPart> parts() {
        close();
        return parts;
    }

    /** How many bytes of the channel there are with these. */
    long end() {
        return end;
    }

    boolean isFull() {
        return end >= limitBytes;
    }
}
