package org.pushjobs.server.facts;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.pushjobs.protocol.message.Output;

/**
 * Outputs in the order in which they came, as bytes in blocks that are used again: as texts that live for some seconds, much
 * output at once would fill the heap's old generation and cost collections. Not thread-safe.
 */
final class KeptOutputs {
    private static final int BLOCK_BYTES = 1 << 20;
    /** Blocks that are kept when nothing is in them. */
    private static final int SPARE_BLOCKS = 4;

    /** All bytes that were ever put here are one stream; a block holds those from its number times its size on. */
    private final Map<Long, byte[]> blocks = new HashMap<>();

    private final Deque<byte[]> spare = new ArrayDeque<>();
    private long begin;
    private long end;

    /** Where an output is in the stream. */
    record Place(long begin, int stdoutBytes, int stderrBytes) {
        int bytes() {
            return stdoutBytes + stderrBytes;
        }

        private long end() {
            return begin + bytes();
        }
    }

    /** How many bytes are kept. */
    long bytes() {
        return end - begin;
    }

    Place add(Output output) {
        return add(
                output.stdout().getBytes(StandardCharsets.UTF_8),
                output.stderr().getBytes(StandardCharsets.UTF_8));
    }

    /** One that may be no text. */
    Place add(byte[] data) {
        return add(data, new byte[0]);
    }

    private Place add(byte[] stdout, byte[] stderr) {
        Place place = new Place(end, stdout.length, stderr.length);
        append(stdout);
        append(stderr);
        return place;
    }

    private void append(byte[] data) {
        int done = 0;
        while (done < data.length) {
            byte[] block = blocks.computeIfAbsent(
                    end / BLOCK_BYTES, _ -> spare.isEmpty() ? new byte[BLOCK_BYTES] : spare.pop());
            int offset = (int) (end % BLOCK_BYTES);
            int length = Math.min(data.length - done, BLOCK_BYTES - offset);
            System.arraycopy(data, done, block, offset, length);
            done += length;
            end += length;
        }
    }

    /** The output at a place that was not let go. */
    Output get(Place place) {
        return new Output(
                text(place.begin, place.stdoutBytes), text(place.begin + place.stdoutBytes, place.stderrBytes));
    }

    /** The same of one that may be no text. */
    byte[] bytes(Place place) {
        return bytes(place.begin, place.stdoutBytes);
    }

    private String text(long from, int length) {
        return new String(bytes(from, length), StandardCharsets.UTF_8);
    }

    private byte[] bytes(long from, int length) {
        byte[] data = new byte[length];
        int done = 0;
        while (done < length) {
            long at = from + done;
            int offset = (int) (at % BLOCK_BYTES);
            int some = Math.min(length - done, BLOCK_BYTES - offset);
            System.arraycopy(blocks.get(at / BLOCK_BYTES), offset, data, done, some);
            done += some;
        }
        return data;
    }

    /** This output and all that came before it are not kept any more. */
    void letGoUpTo(Place last) {
        long before = begin / BLOCK_BYTES;
        begin = Math.max(begin, last.end());
        for (long block = before; block < begin / BLOCK_BYTES; block++) {
            giveBack(block);
        }
        if (begin == end) {
            giveBack(begin / BLOCK_BYTES);
            while (spare.size() > SPARE_BLOCKS) {
                spare.pop();
            }
        }
    }

    private void giveBack(long block) {
        byte[] data = blocks.remove(block);
        if (data != null) {
            spare.push(data);
        }
    }
}
