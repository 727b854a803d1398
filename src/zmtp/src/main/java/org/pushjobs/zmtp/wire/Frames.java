package org.pushjobs.zmtp.wire;

import java.util.Arrays;

/**
 * The frames of one received message, as ranges of one array. The object and the array are reused for the next message:
 * both may be read during the call that hands them over only, and what is needed later must be {@linkplain #copy copied}.
 */
public final class Frames {
    private static final int FIRST_CAPACITY = 4_096;

    private final int[] offsets;
    private final int[] lengths;
    private byte[] array = new byte[FIRST_CAPACITY];
    private int count;
    private int dropped;
    private int end;

    /** @param maxFrames that are kept of a message */
    Frames(int maxFrames) {
        this.offsets = new int[maxFrames];
        this.lengths = new int[maxFrames];
    }

    /** How many frames there are, at most as many as are kept. */
    public int count() {
        return count;
    }

    /** How many more frames the message had than are kept. */
    public int dropped() {
        return dropped;
    }

    /** What the frames lie in. Not to be changed. */
    public byte[] array() {
        return array;
    }

    /** Where a frame begins. */
    public int offset(int frame) {
        return offsets[frame];
    }

    /** Bytes of a frame. */
    public int length(int frame) {
        return lengths[frame];
    }

    /** The bytes of a frame, to keep. */
    public byte[] copy(int frame) {
        return Arrays.copyOfRange(array, offsets[frame], offsets[frame] + lengths[frame]);
    }

    /** The place for this many bytes of the next frame; the array may be another one afterwards. */
    int reserve(int bytes) {
        if (array.length - end < bytes) {
            array = Arrays.copyOf(array, Math.max(end + bytes, 2 * array.length));
        }
        return end;
    }

    /** Takes a frame in that was written to the reserved place. */
    void add(int offset, int length) {
        if (count == offsets.length) {
            dropped++;
        } else {
            offsets[count] = offset;
            lengths[count] = length;
            count++;
            end = offset + length;
        }
    }

    /** Bytes of all frames that are kept, and what is between them. */
    int size() {
        return end;
    }

    boolean isEmpty() {
        return count == 0 && dropped == 0;
    }

    void clear() {
        count = 0;
        dropped = 0;
        end = 0;
    }

    /** The beginning of a message whose rest has not come. */
    UnfinishedMessage save() {
        return new UnfinishedMessage(
                Arrays.copyOf(array, end), Arrays.copyOf(offsets, count), Arrays.copyOf(lengths, count), dropped);
    }

    void restore(UnfinishedMessage unfinished) {
        clear();
        reserve(unfinished.bytes().length);
        System.arraycopy(unfinished.bytes(), 0, array, 0, unfinished.bytes().length);
        count = unfinished.offsets().length;
        System.arraycopy(unfinished.offsets(), 0, offsets, 0, count);
        System.arraycopy(unfinished.lengths(), 0, lengths, 0, count);
        dropped = unfinished.dropped();
        end = unfinished.bytes().length;
    }
}
